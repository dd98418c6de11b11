"""What the portal lets in. Trust is decided here, without storage: every rule is checked before anything is kept.

Rules of a filing
    1. The call has exactly the fields of the interface, each of its type and size.
    2. The founding text is well-formed and founds a case at this portal; the case's number is its hash.
    3. The manifest is a manifest note signed by the key in the founding text, for that case, portal and case key;
       first version, first epoch; nothing answered, nothing destroyed; its status hash is the call's.
    4. The roster has exactly eight different entries.
    5. The record is the one the manifest names: canonical JSON, allow-listed fields only, no identifier in its free
       texts.
    6. There is one case key, one list of originals and one file index; every mark stands once.
    7. Every part is there, has the content that its hash promises, and belongs to an object; nothing else was sent.
    8. The parts of an object add up to the hash and size in the manifest.
    9. Every object begins as an age file for hybrid recipients only: eight for the case key, one for everything else.
       What is inside cannot be checked here, and must not be.
    10. Sizes tell nothing: identities have one size, everything else is padded.

Rules of a revision, which keep 1 and 4 to 10 for what is new
    11. It is the version after the newest one and names that one's hash; a stale one is told to fetch first.
    12. The key that the newest version calls its signer signed it, for the same case and portal.
    13. In the same epoch the case key, its signer and its sign-in stay, and so does the status code. A new epoch is
        the next one, changes all three keys, and keeps no object of before: what was sealed to the old key is gone.
    14. An object is the case's already, unchanged in everything, or it is new and its parts were brought along.
        Messages come and go with a new epoch only, which brings all of them, sealed anew.
    15. Answers stay, in order; one may be added or, only where the version destroys, replaced; its text is the one
        that the manifest names, and passes the rules of the record.

Rules of copies of evidence, in a filing and in a revision
    16. A call brings exactly the copies that the manifest names and the version before does not; a number stands once.
    17. The record's index of evidence names each copy of the petition, an answer's each of its own, and no other.
    18. A head is canonical, of known fields, and its text passes the rules of the record; its pages open under the key
        that the call brings, at their place, and are what the head says; each has the strict form of a page
        (`app.domain.pages`) and draws. A page that does not is refused by number and kind.

Worked example: a filer swaps two parts of a large file. Each part still has its own hash (7), but joined in the
manifest's order they do not give the object's (8): `object_hash`, and nothing is stored.

Worked example: somebody who was a holder until yesterday signs a next version with the old case key. The newest
version names another signer since (13): `manifest_signature`, and nothing is stored.
"""

from app.domain.admission.filing import Admitted, admit
from app.domain.admission.notes import stored_manifest
from app.domain.admission.objects import PartSource
from app.domain.admission.revision import AdmittedRevision, Before, Changes, admit_revision

__all__ = [
    "Admitted",
    "AdmittedRevision",
    "Before",
    "Changes",
    "PartSource",
    "admit",
    "admit_revision",
    "stored_manifest",
]
