package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"

	"wuyepay/models"
)

// filledAfter matches the migration after which [fillKeys] runs: the columns are there,
// and their unique keys are not yet.
const filledAfter = "*_fee_items.sql"

// upFilling runs the migrations that are missing. Keys of names cannot be computed in SQL:
// between the files that add their columns and those that make them unique it fills them.
// Stopped in between, it fills them again.
func upFilling(ctx context.Context, p *goose.Provider, dir fs.FS, conn *sql.DB) ([]*goose.MigrationResult, error) {
	files, err := fs.Glob(dir, filledAfter)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 { // the files of an older program
		return p.Up(ctx)
	}
	at, err := goose.NumericComponent(files[0])
	if err != nil {
		return nil, err
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return nil, err
	}
	if have > at {
		return p.Up(ctx)
	}
	done, err := p.UpTo(ctx, at)
	if err != nil {
		return done, err
	}
	if err := fillKeys(ctx, conn); err != nil {
		return done, fmt.Errorf("keys of names: %w", err)
	}
	more, err := p.Up(ctx)
	return append(done, more...), err
}

// fillKeys writes the keys of the names that a database from before them holds. The first
// of two rows whose names are one has the key; the other is set apart, with a space and
// its id behind the key, which no key has. Both stay as they are, and the command check
// names those that charge twice.
func fillKeys(ctx context.Context, conn *sql.DB) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // of no effect after the commit
	for _, f := range []struct{ rows, update string }{
		{"SELECT id, name FROM communities ORDER BY created_at, id", "UPDATE communities SET name_key = ? WHERE id = ?"},
		{"SELECT id, room_kind, community_id, item, room_id, from_on FROM tariffs ORDER BY created_at, id",
			"UPDATE tariffs SET kind_key = ? WHERE id = ?"},
		{"SELECT id, serial, room_id, item FROM meters ORDER BY created_at, id", "UPDATE meters SET serial_key = ? WHERE id = ?"},
	} {
		if err := fillUnique(ctx, tx, f.rows, f.update); err != nil {
			return err
		}
	}
	if err := fillRooms(ctx, tx); err != nil {
		return err
	}
	if err := fillItems(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

// textRows returns the rows of a query, each as its texts.
func textRows(ctx context.Context, tx *sql.Tx, query string) (out [][]string, err error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		row := make([]string, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// fillUnique fills a key for rows of id and name. The columns behind them say within what
// the key is unique.
func fillUnique(ctx context.Context, tx *sql.Tx, query, update string) error {
	rows, err := textRows(ctx, tx, query)
	if err != nil || len(rows) == 0 {
		return err
	}
	set, err := tx.PrepareContext(ctx, update)
	if err != nil {
		return err
	}
	defer set.Close()
	taken := map[[2]string]bool{}
	for _, r := range rows {
		id, key, scope := r[0], models.NameKey(r[1]), strings.Join(r[2:], "\x00")
		if taken[[2]string{scope, key}] {
			key = setApart(key, id)
		}
		taken[[2]string{scope, key}] = true
		if _, err := set.ExecContext(ctx, key, id); err != nil {
			return err
		}
	}
	return nil
}

// setApart returns the key of a row whose key another one has.
func setApart(key, id string) string { return CutRunes(key, 200) + " " + CutRunes(id, 50) }

// fillRooms fills the loose keys, and writes anew the keys that would be others today,
// where no other room of the community has them.
func fillRooms(ctx context.Context, tx *sql.Tx) error {
	rows, err := textRows(ctx, tx, "SELECT id, community_id, code, code_key FROM rooms ORDER BY created_at, id")
	if err != nil || len(rows) == 0 {
		return err
	}
	set, err := tx.PrepareContext(ctx, "UPDATE rooms SET code_key = ?, loose_key = ? WHERE id = ?")
	if err != nil {
		return err
	}
	defer set.Close()
	taken := make(map[[2]string]bool, len(rows))
	for _, r := range rows {
		taken[[2]string{r[1], r[3]}] = true
	}
	for _, r := range rows {
		id, community, code, key := r[0], r[1], r[2], r[3]
		if today := models.RoomKey(code); today != "" && !taken[[2]string{community, today}] {
			key = today
			taken[[2]string{community, key}] = true
		}
		if _, err := set.ExecContext(ctx, key, models.LooseRoomKey(code), id); err != nil {
			return err
		}
	}
	return nil
}

// fillItems enters the fee items that any table names, the first spelling of each as the
// one that is kept.
func fillItems(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM fee_items"); err != nil {
		return err
	}
	rows, err := textRows(ctx, tx, `SELECT community_id, item, MIN(created_at) AS first FROM (
		SELECT community_id, item, created_at FROM tariffs
		UNION ALL SELECT community_id, item, created_at FROM bills
		UNION ALL SELECT community_id, item, created_at FROM charges
		UNION ALL SELECT community_id, item, created_at FROM merchant_rules
		UNION ALL SELECT r.community_id, m.item, m.created_at FROM meters m JOIN rooms r ON r.id = m.room_id
		) x WHERE item <> '' GROUP BY community_id, item ORDER BY first, item`)
	if err != nil || len(rows) == 0 {
		return err
	}
	add, err := tx.PrepareContext(ctx, "INSERT INTO fee_items (community_id, item_key, item, created_at) VALUES (?, ?, ?, ?)")
	if err != nil {
		return err
	}
	defer add.Close()
	taken := map[[2]string]bool{}
	for _, r := range rows {
		key := models.NameKey(r[1])
		if key == "" || taken[[2]string{r[0], key}] {
			key = setApart(key, r[1])
		}
		taken[[2]string{r[0], key}] = true
		if _, err := add.ExecContext(ctx, r[0], key, r[1], r[2]); err != nil {
			return err
		}
	}
	return nil
}
