"""Every decision that a SENCO or an inspector might question, as pure functions and words.

Nothing here knows a framework, a database or a clock: dates are arguments.
"""
