"""What the house does not yet do as its plan wants (``test_house.py``): each line is to go.

The lists of who ends transactions, reads forms and so on are not debts but the places where the
one mechanism lives; whoever adds a place answers for a second mechanism.
"""
UPWARD = (
    "access.action -> cases.attachments",
    "access.views -> cases.attachments",
    "access.views -> cases.filled",
)
CIRCLES = ()
NAMED_TWICE = ()
CLASSES_NAMED_TWICE = (
    "Act",
    "Actor",
    "Asked",
    "Clause",
    "Department",
    "Directory",
    "Entry",
    "Fault",
    "File",
    "Found",
    "Kind",
    "Line",
    "Match",
    "Moment",
    "Outcome",
    "Picture",
    "Place",
    "Reader",
    "Reading",
    "Refused",
    "Rule",
    "Said",
    "Standing",
    "State",
    "Step",
    "Subject",
    "Term",
    "Told",
    "Vocabulary",
    "Way",
    "_Reader",
)
PARTICIPLES = (
    "cases.filled",
)
SIGNS_IN = (
    "security.kept_texts",
    "security.passwords",
    "web",
)
READS_PAGE_NUMBERS = (
    "pager",
    "pages.entry_list",
)
READS_FORMS = (
    "access.views",
    "cases.change_warning",
    "cases.pages.calls",
    "cases.pages.form_pages",
    "cases.views",
    "catalogue.views",
    "departments.views",
    "emergency.desk.desk_pages",
    "emergency.public.event_pages",
    "identity.resets",
    "notices.views",
    "pages.kept_drafts",
    "search.views",
    "security.characters",
    "security.kept_texts",
    "subscriptions.views",
)
ENDS_TRANSACTIONS = (
    "access.answer_watch",
    "access.rows",
    "cases.schedule",
    "cases.time.batches",
    "cases.time.sweep",
    "catalogue.entry.companion_rows",
    "catalogue.index.writer",
    "cli",
    "demo.cases",
    "identity.schedule",
    "ledger.actors",
    "ledger.ckan_actions",
    "ledger.configuration",
    "ledger.schedule",
    "ledger.settlement",
    "notices.mail_delivery",
    "scheduler.job_runs",
    "scheduler.timetable",
    "search.backlog",
    "search.cli",
    "security.keys",
    "security.uncaught_errors",
    "subscriptions.schedule",
    "subscriptions.webhook_delivery",
    "transaction",
    "web",
)
SPELLS_LANGUAGES = (
    "domain.locales",
)
READS_YAML = ("config_reader",)
NOT_BUILT: tuple[str, ...] = ()
