// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The tables, by version. A version that has been released never changes: what comes later is a new migration.
enum Schema {
    /// The version this program reads and writes.
    static let version = 6

    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { try $0.execute(sql: version1) }
        migrator.registerMigration("2") { try $0.execute(sql: version2) }
        migrator.registerMigration("3") { try $0.execute(sql: version3) }
        migrator.registerMigration("4") { try $0.execute(sql: version4) }
        migrator.registerMigration("5") { try $0.execute(sql: version5) }
        migrator.registerMigration("6") { try $0.execute(sql: version6) }
        return migrator
    }()

    /// `Dunl`: tells file(1), and us, whose file this is.
    static let applicationID = 0x4475_6e6c

    private static let version1 = """
        PRAGMA application_id = \(applicationID);

        -- What is to be sent, and what it is about. Written once. Times are milliseconds since 1970.
        CREATE TABLE reminder (
            key INTEGER PRIMARY KEY, id TEXT NOT NULL, message TEXT NOT NULL, channels TEXT NOT NULL,
            account TEXT NOT NULL, creditor TEXT NOT NULL, recipient TEXT NOT NULL, due INTEGER NOT NULL,
            expires INTEGER NOT NULL, imported INTEGER NOT NULL, digest BLOB NOT NULL) STRICT;
        -- Reminders by id, up to the reminder named in `mark`.
        CREATE TABLE reminder_id (id TEXT PRIMARY KEY, key INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        -- Personal data alone, so that it can be encrypted or erased while the history stays whole.
        CREATE TABLE personal (
            key INTEGER PRIMARY KEY, name TEXT NOT NULL, phone TEXT, email TEXT, locale TEXT NOT NULL,
            zones TEXT NOT NULL, region TEXT, currency TEXT NOT NULL, vars TEXT, amount INTEGER NOT NULL,
            due_day INTEGER NOT NULL) STRICT;

        -- What waits, in the order it falls due. Narrow: this is what the daemon reads and deletes all the time.
        CREATE TABLE queue (
            lane TEXT NOT NULL, due INTEGER NOT NULL, key INTEGER NOT NULL, expires INTEGER NOT NULL,
            state TEXT NOT NULL, reason TEXT, attempts INTEGER NOT NULL, spent TEXT,
            PRIMARY KEY (lane, due, key)) STRICT, WITHOUT ROWID;
        CREATE INDEX queue_held ON queue (due) WHERE state = 'held';
        -- Waiting beyond its expiry; everything else expires behind its due instant.
        CREATE INDEX queue_late ON queue (lane, expires) WHERE expires <= due;

        -- Everything that happened. Only ever appended. An intent bears whom it contacts, as hashes.
        CREATE TABLE fact (
            n INTEGER PRIMARY KEY, reminder INTEGER NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL, channel TEXT,
            gateway TEXT, reason TEXT, until INTEGER, attempt INTEGER, detail TEXT,
            recipient INTEGER, account INTEGER, address INTEGER) STRICT;

        -- Attempts without an outcome, with their places in the queue.
        CREATE TABLE flight (
            attempt INTEGER PRIMARY KEY, lane TEXT NOT NULL, due INTEGER NOT NULL, key INTEGER NOT NULL,
            expires INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT, attempts INTEGER NOT NULL, spent TEXT) STRICT;

        -- Intents that do not count as contacts: definitely refused, or withdrawn before the wire.
        CREATE TABLE refund (attempt INTEGER PRIMARY KEY) STRICT;
        -- Contacts by recipient, account and address, in sorted runs; a run counts once it has its line here.
        CREATE TABLE contact (
            run INTEGER NOT NULL, key INTEGER NOT NULL, at INTEGER NOT NULL, attempt INTEGER NOT NULL,
            PRIMARY KEY (run, key, at, attempt)) STRICT, WITHOUT ROWID;
        CREATE TABLE contact_run (
            run INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, latest INTEGER NOT NULL,
            keys BLOB NOT NULL) STRICT;
        -- How far `reminder_id` has come.
        CREATE TABLE mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        -- Bloom filters over blocks of rows: which blocks may hold an account, a recipient, a reminder's facts.
        CREATE TABLE reminder_filter (block INTEGER PRIMARY KEY, bits BLOB NOT NULL) STRICT;
        CREATE TABLE fact_filter (block INTEGER PRIMARY KEY, bits BLOB NOT NULL) STRICT;

        -- How many reminders are in each state.
        CREATE TABLE tally (state TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """

    private static let version2 = """
        -- What rules tell reminders and contacts apart by; NULL where nobody said: purpose reminder, role borrower.
        ALTER TABLE reminder ADD COLUMN party TEXT;
        ALTER TABLE reminder ADD COLUMN product TEXT;
        ALTER TABLE reminder ADD COLUMN role TEXT;
        ALTER TABLE fact ADD COLUMN creditor INTEGER;
        ALTER TABLE fact ADD COLUMN purpose TEXT;

        -- What integrators tell us happened: ids, codes and hashes. Only ever appended. NULL stands for every recipient,
        -- account, address, creditor or channel, for an open end, and for the purpose reminder.
        CREATE TABLE event (
            n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER,
            channel TEXT, recipient INTEGER, account INTEGER, address INTEGER, creditor INTEGER, purpose TEXT,
            is_own INTEGER NOT NULL, is_inbound INTEGER NOT NULL, figure INTEGER NOT NULL, reminder TEXT,
            imported INTEGER NOT NULL, digest BLOB NOT NULL) STRICT;
        CREATE INDEX event_recipient ON event (recipient) WHERE recipient IS NOT NULL;
        CREATE INDEX event_account ON event (account) WHERE account IS NOT NULL;
        CREATE INDEX event_address ON event (address) WHERE address IS NOT NULL;
        CREATE INDEX event_reminder ON event (reminder) WHERE reminder IS NOT NULL;
        """

    private static let version3 = """
        -- What the files of messages said when something was sent with them: each text once, by its SHA-256.
        CREATE TABLE template_text (hash BLOB PRIMARY KEY, text TEXT NOT NULL) STRICT;
        -- Which texts were a version of a message. Both are only ever appended.
        CREATE TABLE template_file (
            message TEXT NOT NULL, version TEXT NOT NULL, path TEXT NOT NULL, hash BLOB NOT NULL,
            PRIMARY KEY (message, version, path)) STRICT, WITHOUT ROWID;
        """

    private static let version4 = """
        -- Where the person is reached in a messaging app, `service:id`; NULL where nobody said.
        ALTER TABLE personal ADD COLUMN chat TEXT;

        -- Attempts that a gateway took, or may have taken, and of which something may still be heard, with their reminders' places
        -- in the queue. `current` is accepted or unknown, or scheduled once the reminder has gone on without it.
        CREATE TABLE delivery (
            attempt INTEGER PRIMARY KEY, current TEXT NOT NULL, lane TEXT NOT NULL, due INTEGER NOT NULL, key INTEGER NOT NULL,
            expires INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT, attempts INTEGER NOT NULL, spent TEXT) STRICT;
        -- Gateways' own names of attempts, where their receipts bear no other.
        CREATE TABLE gateway_id (
            gateway TEXT NOT NULL, id TEXT NOT NULL, attempt INTEGER NOT NULL, PRIMARY KEY (gateway, id))
            STRICT, WITHOUT ROWID;
        -- Reminders of which a message arrived after they had gone on without it.
        CREATE TABLE arrived (reminder INTEGER PRIMARY KEY) STRICT;
        -- What is to be done about an attempt, and when: ask the gateway, try the next channel.
        CREATE TABLE follow_up (
            at INTEGER NOT NULL, attempt INTEGER NOT NULL, kind TEXT NOT NULL, tries INTEGER NOT NULL,
            PRIMARY KEY (at, attempt, kind)) STRICT, WITHOUT ROWID;
        -- Receipts of attempts that we do not know, or not yet.
        CREATE TABLE stray (
            n INTEGER PRIMARY KEY, gateway TEXT NOT NULL, reference TEXT NOT NULL, status TEXT NOT NULL, reason TEXT, code TEXT,
            at INTEGER, received INTEGER NOT NULL) STRICT;
        CREATE INDEX stray_reference ON stray (gateway, reference);
        -- What people wrote back; who and what is personal and stands alone.
        CREATE TABLE reply (
            n INTEGER PRIMARY KEY, gateway TEXT NOT NULL, id TEXT NOT NULL, channel TEXT NOT NULL, at INTEGER NOT NULL,
            received INTEGER NOT NULL, meaning TEXT NOT NULL, address INTEGER, UNIQUE (gateway, id)) STRICT;
        CREATE TABLE reply_text (n INTEGER PRIMARY KEY, sender TEXT NOT NULL, text TEXT NOT NULL) STRICT;
        -- What each gateway has cost on a day (days since 1970), in millionths of the currency.
        CREATE TABLE spending (
            gateway TEXT NOT NULL, day INTEGER NOT NULL, micros INTEGER NOT NULL, currency TEXT NOT NULL,
            PRIMARY KEY (gateway, day)) STRICT, WITHOUT ROWID;
        """

    private static let version5 = """
        -- What receipts have said of attempts beside the usual, one "delivered": so that what is told again is known.
        CREATE TABLE told (attempt INTEGER NOT NULL, status TEXT NOT NULL, PRIMARY KEY (attempt, status))
            STRICT, WITHOUT ROWID;
        CREATE INDEX reply_address ON reply (address) WHERE address IS NOT NULL;
        """

    private static let version6 = """
        -- The attempt of ours that a kept receipt waits for; NULL where nobody knows one.
        ALTER TABLE stray ADD COLUMN attempt INTEGER;
        """
}
