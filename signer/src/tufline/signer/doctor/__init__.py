"""Whether a machine is ready to sign: looked at weeks before it must be.

    for finding in examine(Surroundings(...)):
        ...

Every check says what it saw, or what is wrong and how to mend it. What cannot be looked at, since
something before it failed, is said too: nothing is silently left out.
"""

from tufline.signer.doctor._clock import clock_of_web
from tufline.signer.doctor._examine import Surroundings, examine
from tufline.signer.doctor._finding import Finding, NotLookedAt, Outcome

__all__ = ["Finding", "NotLookedAt", "Outcome", "Surroundings", "clock_of_web", "examine"]
