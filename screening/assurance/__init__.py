"""How well names are found: on labelled pairs, and on the lists in force with their names altered on purpose."""
