# Of this machine, not for version control: the program that the tests use.
PIPELINE ?= {{program}}
