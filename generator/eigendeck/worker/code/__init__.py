"""What a stranger's code may be: read, checked against the allow-list, compiled, and run in a namespace of its own."""
