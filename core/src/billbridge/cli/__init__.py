"""The `billbridge` command. One module per group of commands; `main` parses the command line, `output` writes results.

Uses only what applications can use too. Does not import any plugin by itself: the registry finds them.
"""
