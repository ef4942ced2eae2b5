"""What can be said about a service."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from quell.kernel.actions.directory.inputs import Code, Name
from quell.kernel.actions.registry import Inputs

#: 1 is the service without which the organisation stands still; 4 is a convenience.
Criticality = Annotated[int, Field(ge=1, le=4, strict=True)]
Status = Literal["planned", "live", "retired"]


class NewService(Inputs):
    """A service; `criticality` 1 (greatest) to 4, `owner` an e-mail address."""

    code: Code
    name: Name
    organisation: str = Field(min_length=1, max_length=60)
    criticality: Criticality = 3
    status: Status = "live"
    owner: str | None = Field(None, max_length=254)
    description: str = Field("", max_length=20_000)


class ServiceChange(Inputs):
    """Only what is to change. `owner` null takes the owner away."""

    name: Name | None = None
    criticality: Criticality | None = None
    status: Status | None = None
    owner: str | None = Field(None, max_length=254)
    description: str | None = Field(None, max_length=20_000)
