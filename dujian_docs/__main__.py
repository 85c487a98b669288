"""``python -m dujian_docs`` is ``dujian``."""

from dujian_docs.cli import main

main()
