"""Alembic's entry: runs the revisions on the connection that the portal hands over."""

from alembic import context

from app.store.tables import PORTAL

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=PORTAL, render_as_batch=True, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
