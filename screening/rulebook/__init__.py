"""Rules as data: packs read and checked, evaluated over records, and turned into alerts."""
