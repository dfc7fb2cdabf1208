"""What every page draws with: colours, the word axis, panels, tables, messages, words, verdicts. Knows no visitor."""
