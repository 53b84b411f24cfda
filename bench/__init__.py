"""What is claimed about speed and size, as commands. A benchmark is a module here whose `main()` returns its figures.

All of them look at the portal from outside: they start it as people do and talk to it over HTTP.
"""
