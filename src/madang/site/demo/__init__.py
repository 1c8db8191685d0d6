"""The demo edition: real sizes and real showcase facts, fictional companies and people. `build.build_demo` makes it."""
