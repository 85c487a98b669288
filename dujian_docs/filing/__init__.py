"""The filing list (建档目录): what ought to be in the archive, what is there, and why one says so."""
