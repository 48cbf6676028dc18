"""The ontology explained: its modules and terms, its axioms in words, its pictures and its files to take home."""

from .model import Documentation, Module, Term
from .reading import documentation

__all__ = ["Documentation", "Module", "Term", "documentation"]
