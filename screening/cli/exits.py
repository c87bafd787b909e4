"""The exit codes, as the contract states them."""

EXIT_BELOW, EXIT_FOUND, EXIT_UNUSABLE, EXIT_REJECTED = 0, 1, 2, 3
EXIT_SIGNAL = 128  # and the number of the signal that stopped the command, as shells tell it
