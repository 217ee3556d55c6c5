"""Numeric facts: what each number of an article counts, measures or shares out.

`grammar.read` finds the statements of an article; period, speaker and organisation join them
later, and their arithmetic is held against the text.
"""
