"""The mark of a stack that ``make up`` started, in the environment of its processes.

The stack finds its own processes by it; the health page tells which stack answers.
"""

MARK = "GOVDATA_STACK"
