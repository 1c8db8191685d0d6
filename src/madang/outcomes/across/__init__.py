"""Many editions side by side: their files, the questions asked of them, the engine that answers; docs/develop/across.md."""
