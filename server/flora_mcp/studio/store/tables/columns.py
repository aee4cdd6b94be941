"""What tables have in common. Times are Unix milliseconds, as on the wire; `number` is the order of creation."""

import sqlalchemy as sa

metadata = sa.MetaData()


def number() -> sa.Column[int]:
    # AUTOINCREMENT never gives a number twice, so that a cursor stays true after a deletion.
    return sa.Column("number", sa.Integer, primary_key=True, autoincrement=True)


def id_(name: str, *, to: str | None = None) -> sa.Column[str]:
    if to is None:
        return sa.Column(name, sa.String, nullable=False, unique=True)
    return sa.Column(name, sa.ForeignKey(to), nullable=False)


def ms(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)
