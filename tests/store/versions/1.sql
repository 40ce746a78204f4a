-- SPDX-License-Identifier: MIT
-- The history as version 1 left it in a real home. Never to be changed.
CREATE TABLE dictations (  key INTEGER PRIMARY KEY,  id TEXT NOT NULL UNIQUE,  created INTEGER NOT NULL,  state TEXT NOT NULL,  state_at INTEGER NOT NULL,  marked INTEGER NOT NULL DEFAULT 0,  private INTEGER NOT NULL,  deliver INTEGER NOT NULL,  delivered INTEGER NOT NULL,  delivered_at INTEGER,  is_file INTEGER NOT NULL,  complete INTEGER NOT NULL,  longest_chunk INTEGER NOT NULL,  length INTEGER NOT NULL,  provider TEXT NOT NULL,  model TEXT,  language TEXT,  prompt TEXT,  host TEXT,  name TEXT,  code TEXT,  message TEXT,  text TEXT);
CREATE TABLE chunks (  dictation INTEGER NOT NULL REFERENCES dictations (key) ON DELETE CASCADE,  idx INTEGER NOT NULL,  offset INTEGER NOT NULL,  size INTEGER NOT NULL,  start INTEGER NOT NULL,  length INTEGER NOT NULL,  overlaps INTEGER NOT NULL,  speech INTEGER NOT NULL,  voice INTEGER NOT NULL,  provider TEXT,  code TEXT,  message TEXT,  text TEXT,  PRIMARY KEY (dictation, idx)) WITHOUT ROWID;
CREATE TABLE versions (  key INTEGER PRIMARY KEY,  dictation INTEGER NOT NULL REFERENCES dictations (key) ON DELETE CASCADE,  number INTEGER NOT NULL,  created INTEGER NOT NULL,  private INTEGER NOT NULL,  provider TEXT NOT NULL,  model TEXT,  text TEXT NOT NULL,  UNIQUE (dictation, number));
CREATE TABLE unwanted (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE dictation_words USING fts5 (text, content='',  tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'");
CREATE VIRTUAL TABLE version_words USING fts5 (text, content='',  tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'");
CREATE INDEX dictations_created ON dictations (created, key);
CREATE TRIGGER dictation_inserted AFTER INSERT ON dictations  WHEN new.text IS NOT NULL AND NOT new.private BEGIN  INSERT INTO dictation_words (rowid, text) VALUES (new.key, whis_words (new.text));END;
CREATE TRIGGER dictation_deleted AFTER DELETE ON dictations  WHEN old.text IS NOT NULL AND NOT old.private BEGIN  INSERT INTO dictation_words (dictation_words, rowid, text)    VALUES ('delete', old.key, whis_words (old.text));END;
CREATE TRIGGER dictation_updated AFTER UPDATE OF text, private ON dictations  WHEN old.text IS NOT new.text OR old.private IS NOT new.private BEGIN  INSERT INTO dictation_words (dictation_words, rowid, text)    SELECT 'delete', old.key, whis_words (old.text)    WHERE old.text IS NOT NULL AND NOT old.private;  INSERT INTO dictation_words (rowid, text) SELECT new.key, whis_words (new.text)    WHERE new.text IS NOT NULL AND NOT new.private;END;
CREATE TRIGGER version_inserted AFTER INSERT ON versions  WHEN new.number > 0 AND NOT new.private BEGIN  INSERT INTO version_words (rowid, text) VALUES (new.key, whis_words (new.text));END;
CREATE TRIGGER version_deleted AFTER DELETE ON versions  WHEN old.number > 0 AND NOT old.private BEGIN  INSERT INTO version_words (version_words, rowid, text)    VALUES ('delete', old.key, whis_words (old.text));END;
INSERT INTO dictations VALUES (1, '20261124-204033-6fe1', 1795552838844, 'interrupted', 1795552838935, 0, 0, 1, 0, NULL, 0, 0, 0, 0, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO dictations VALUES (2, '20261124-204038-6011cd', 1795552838926, 'done', 1795552844260, 0, 0, 1, 1, 1795552844260, 0, 1, 45000, 3320, 'custom', 'm1', 'en', 'Old prompt', '127.0.0.1:33603', NULL, NULL, NULL, 'words of the second version');
INSERT INTO dictations VALUES (3, '20261124-204044-3603ed', 1795552844275, 'done', 1795552844305, 1, 0, 0, 1, 1795552844305, 1, 1, 45000, 2990, 'custom', 'm1', 'en', 'Old prompt', '127.0.0.1:33603', 'sense_and_sensibility_01_austen_64kb-0880.wav', NULL, NULL, 'a file of the second version');
INSERT INTO dictations VALUES (4, '20261124-204044-d19959', 1795552844332, 'cancelled', 1795552849396, 0, 0, 1, 0, NULL, 0, 0, 45000, 3160, 'custom', 'm1', 'en', 'Old prompt', '127.0.0.1:33603', NULL, 'cancelled', 'The dictation was cancelled.', NULL);
INSERT INTO chunks VALUES (2, 0, 0, 13680, 0, 3420, 0, 1, 2760, 'custom', NULL, NULL, 'words of the second version');
INSERT INTO chunks VALUES (3, 0, 0, 12384, 0, 3096, 0, 1, 2660, 'custom', NULL, NULL, 'a file of the second version');
INSERT INTO versions VALUES (1, 2, 0, 1795552844260, 0, 'custom', 'm1', 'words of the second version');
INSERT INTO versions VALUES (2, 3, 0, 1795552844305, 0, 'custom', 'm1', 'a file of the second version');
PRAGMA application_id = 1466460531;
PRAGMA user_version = 1;
