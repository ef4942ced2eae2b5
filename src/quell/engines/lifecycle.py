"""Lifecycles as data: states, the verbs that lead from one to the other, and one small engine over them.

Pure. A practice writes its table in `rules/lifecycle.py`; buttons, API verbs, guards, the drawn diagram and the
generic tests all come from that table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


class NoTransition(Exception):
    """The verb does not lead anywhere from this state."""

    def __init__(self, state: str, verb: str) -> None:
        super().__init__(f"{verb} does not apply in state {state}")
        self.state = state
        self.verb = verb


@dataclass(frozen=True, slots=True)
class State:
    """One state: its code, and the category every report and queue understands."""

    code: str
    category: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """`verb` leads from any of `sources` to `target`. A target of None stays in the present state."""

    verb: str
    sources: frozenset[str]
    target: str | None


def move(verb: str, sources: Iterable[str], target: str | None = None) -> Transition:
    """A line of a lifecycle table."""
    return Transition(verb, frozenset(sources), target)


class Lifecycle:
    """A checked table of states and transitions. Raises ValueError when the table contradicts itself."""

    def __init__(self, states: Iterable[State], transitions: Iterable[Transition], *, initial: str) -> None:
        self.states = {state.code: state for state in states}
        self.transitions = tuple(transitions)
        self.initial = initial
        self._table: dict[tuple[str, str], Transition] = {}
        for transition in self.transitions:
            self._add(transition)
        if initial not in self.states:
            raise ValueError(f"initial state {initial} is not a state")
        if missing := set(self.states) - self.reachable():
            raise ValueError(f"states never reached: {sorted(missing)}")

    def _add(self, transition: Transition) -> None:
        unknown = (transition.sources | {transition.target or self.initial}) - set(self.states)
        if unknown:
            raise ValueError(f"{transition.verb}: unknown states {sorted(unknown)}")
        for source in transition.sources:
            if (source, transition.verb) in self._table:
                raise ValueError(f"{transition.verb} from {source} is given twice")
            self._table[source, transition.verb] = transition

    @property
    def verbs(self) -> tuple[str, ...]:
        """Every verb, in the order of the table."""
        return tuple(dict.fromkeys(transition.verb for transition in self.transitions))

    def allows(self, state: str, verb: str) -> bool:
        """Does the verb apply in this state?"""
        return (state, verb) in self._table

    def step(self, state: str, verb: str) -> str:
        """The state after the verb; raises NoTransition."""
        transition = self._table.get((state, verb))
        if transition is None:
            raise NoTransition(state, verb)
        return transition.target or state

    def category(self, state: str) -> str:
        """The category of a state; raises KeyError for a code that is none."""
        return self.states[state].category

    def sources(self, verb: str) -> frozenset[str]:
        """All states in which a verb applies."""
        return frozenset(state for state, known in self._table if known == verb)

    def reachable(self) -> set[str]:
        """States that can be reached from the initial one."""
        seen = {self.initial}
        frontier = [self.initial]
        while frontier:
            state = frontier.pop()
            for (source, _verb), transition in self._table.items():
                target = transition.target or source
                if source == state and target not in seen:
                    seen.add(target)
                    frontier.append(target)
        return seen

    def edges(self) -> Iterator[tuple[str, str, str]]:
        """(source, verb, target) for every line that changes the state, in the order of the table."""
        for transition in self.transitions:
            for source in self.states:
                if source in transition.sources and transition.target not in (None, source):
                    yield source, transition.verb, str(transition.target)

    def diagram(self) -> str:
        """The lifecycle as a Mermaid state diagram, for the room's README."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {source} --> {target}: {verb}" for source, verb, target in self.edges()]
        lines += [f"    {state.code} --> [*]" for state in self.states.values() if state.final]
        return "\n".join(lines)
