package intake

import (
	"wuyepay/models/store"
)

// effect is a row that an import has added or changed. Old is nil for one that was added;
// of one that was changed, Old and New hold the columns that differ.
type effect struct {
	Table string
	ID    string
	Old   store.Image `json:",omitempty"`
	New   store.Image
}

// block is what one transaction of an import has done to the books.
type block struct {
	Communities []string `json:",omitempty"` // that it has taken the lock of
	Effects     []effect
}

// recorder notes what one transaction adds and changes.
type recorder struct {
	tx     *store.Tx
	tables []string // in the order in which they were touched
	added  map[string][]string
	before map[string]map[string]store.Image
}

func newRecorder(tx *store.Tx) *recorder {
	return &recorder{tx: tx, added: map[string][]string{}, before: map[string]map[string]store.Image{}}
}

func (r *recorder) touch(table string) {
	if r.added[table] == nil && r.before[table] == nil {
		r.tables = append(r.tables, table)
		r.before[table] = map[string]store.Image{}
	}
}

// addsRows notes rows that the pass is adding. Outside of an import that writes in steps it
// does nothing.
func (p *pass) addsRows(table string, ids ...string) {
	if p.rec == nil || len(ids) == 0 {
		return
	}
	p.rec.touch(table)
	p.rec.added[table] = append(p.rec.added[table], ids...)
}

// changesRows notes rows as they are before the pass may change them.
func (p *pass) changesRows(table string, ids ...string) error {
	if p.rec == nil || len(ids) == 0 {
		return nil
	}
	p.rec.touch(table)
	var unknown []string
	for _, id := range ids {
		if _, ok := p.rec.before[table][id]; !ok && id != "" {
			unknown = append(unknown, id)
		}
	}
	images, err := store.Images(p.tx, table, unknown)
	for id, image := range images {
		p.rec.before[table][id] = image
	}
	return err
}

// end returns what was added and changed since the recorder was made.
func (r *recorder) end() ([]effect, error) {
	var out []effect
	for _, table := range r.tables {
		ids := append([]string(nil), r.added[table]...)
		fresh := map[string]bool{}
		for _, id := range ids {
			fresh[id] = true
		}
		for id := range r.before[table] {
			if !fresh[id] {
				ids = append(ids, id)
			}
		}
		now, err := store.Images(r.tx, table, ids)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			image, was := now[id], r.before[table][id]
			if fresh[id] {
				if image != nil {
					out = append(out, effect{Table: table, ID: id, New: image})
				}
				continue
			}
			columns := was.Differs(image)
			if len(columns) == 0 {
				continue
			}
			e := effect{Table: table, ID: id, Old: store.Image{}, New: store.Image{}}
			for _, c := range columns {
				e.Old[c], e.New[c] = was[c], image[c]
			}
			out = append(out, e)
		}
	}
	return out, nil
}
