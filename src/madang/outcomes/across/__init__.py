"""Many editions side by side: their files, the questions asked of them, and the engine that answers. See docs/develop/across.md."""
