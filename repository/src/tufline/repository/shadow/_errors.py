"""What keeps us from building a shadow. It says nothing against the event."""

from tufline.repository.errors import Refusal


class CannotShadow(Refusal):
    """The repository that would be published cannot be built with throwaway keys."""

    hint = "have the people who sign try the change with their clients in another way"

    def __init__(self, reason: str) -> None:
        super().__init__(f"no shadow can be made: {reason}")
        self.reason = reason
