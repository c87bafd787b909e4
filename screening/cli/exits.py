"""The exit codes, as the contract states them."""

EXIT_BELOW, EXIT_FOUND, EXIT_UNUSABLE, EXIT_REJECTED, EXIT_INTERRUPTED = 0, 1, 2, 3, 130
