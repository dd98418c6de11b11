"""Redaction of free text: known identities, identifiers by pattern, and what a person must be asked about.

The order of the work: `normalise` folds a text and keeps where every character came from; `known` finds the
witnesses; `listed` their identifiers; `discovery` identifiers of anybody; `persons` and `questions` what only a
person can settle; `engine` merges; `surrogates` replaces; `guard` looks again on the server, which knows no name.
Every rule, table and list stands in `data/*.json`, in a regex dialect that Python and JavaScript share.
"""

from app.domain.redaction.engine import Engine
from app.domain.redaction.model import Analysis, KnownIdentity, Mark, Suggestion
from app.domain.redaction.surrogates import Surrogates, apply

__all__ = ["Analysis", "Engine", "KnownIdentity", "Mark", "Suggestion", "Surrogates", "apply"]
