"""Forms of this app, a module per aggregate."""
