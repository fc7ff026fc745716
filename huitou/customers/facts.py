"""What can happen to customers, in the past tense: ids and numbers."""

from dataclasses import dataclass
from typing import ClassVar

from huitou.platform.facts import Fact


@dataclass(frozen=True, slots=True)
class ConsentStated(Fact):
    """A customer said how they may be written to; the newest statement counts."""

    name: ClassVar[str] = "customers.consent_stated"
    consent_id: int
    customer_id: int
    channel: str
    purpose: str
    state: str


@dataclass(frozen=True, slots=True)
class ContactNoted(Fact):
    """Somebody did something with a customer, or wrote down what they know."""

    name: ClassVar[str] = "customers.contact_noted"
    contact_id: int
    customer_id: int


@dataclass(frozen=True, slots=True)
class CustomerEdited(Fact):
    """What is known of a customer was changed by hand."""

    name: ClassVar[str] = "customers.edited"
    customer_id: int


@dataclass(frozen=True, slots=True)
class CustomerErased(Fact):
    """A customer is forgotten in every room; the number names nobody any more."""

    name: ClassVar[str] = "customers.erased"
    customer_id: int


@dataclass(frozen=True, slots=True)
class CustomerMerged(Fact):
    """Two records were one person; the second number names nobody any more."""

    name: ClassVar[str] = "customers.merged"
    merge_id: int
    customer_id: int
    gone_customer_id: int


@dataclass(frozen=True, slots=True)
class CustomerUnmerged(Fact):
    """Two records that were joined are two again."""

    name: ClassVar[str] = "customers.unmerged"
    merge_id: int
    customer_id: int
    back_customer_id: int


@dataclass(frozen=True, slots=True)
class CustomerRenamed(Fact):
    """Name or phone of a customer were put right."""

    name: ClassVar[str] = "customers.renamed"
    customer_id: int


@dataclass(frozen=True, slots=True)
class CustomerWelcomed(Fact):
    """Somebody nobody knew was added by name."""

    name: ClassVar[str] = "customers.welcomed"
    customer_id: int


@dataclass(frozen=True, slots=True)
class ImportApplied(Fact):
    """A file of customers was brought in."""

    name: ClassVar[str] = "customers.import_applied"
    import_id: int
    new_customers: int
    changed_customers: int


@dataclass(frozen=True, slots=True)
class ImportRolledBack(Fact):
    """An import of customers was undone."""

    name: ClassVar[str] = "customers.import_rolled_back"
    import_id: int
    removed_customers: int
    restored_customers: int
