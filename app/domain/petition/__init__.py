"""The petition: its content model, reading it from YAML or JSON, its schema, advice on what would make it "
"stronger."""

from app.domain.petition.advice import Advice, Completeness, completeness, warnings
from app.domain.petition.loading import Loaded, load, load_values
from app.domain.petition.model import Petition

__all__ = ["Advice", "Completeness", "Loaded", "Petition", "completeness", "load", "load_values", "warnings"]
