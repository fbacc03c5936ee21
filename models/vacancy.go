package models

import "errors"

// States of a [Vacancy].
const (
	VacancyRequested = "requested"
	VacancyApproved  = "approved"
	VacancyRefused   = "refused"
)

// Vacancy is a 空置登记: days, both included, on which a room stands empty. Once
// approved the owner pays only a share for them, on bills that are issued later.
type Vacancy struct {
	ID          string
	RoomID      string
	FromOn      Date
	ToOn        Date
	Reason      string
	Status      string
	AskedKind   string
	AskedID     string
	AskedName   string
	DecidedKind string
	DecidedID   string
	DecidedName string
	DecidedAt   Time
	Note        string // of whoever decided
	CreatedAt   Time
	UpdatedAt   Time
}

// AskedBy is who registered it.
func (v *Vacancy) AskedBy() Actor { return Actor{v.AskedKind, v.AskedID, v.AskedName} }

const vacancyColumns = `id, room_id, from_on, to_on, reason, status, asked_kind, asked_id, asked_name, decided_kind, decided_id, decided_name, decided_at, note,
	created_at, updated_at`

func (v *Vacancy) dest() []any {
	return []any{&v.ID, &v.RoomID, &v.FromOn, &v.ToOn, &v.Reason, &v.Status, &v.AskedKind, &v.AskedID, &v.AskedName, &v.DecidedKind, &v.DecidedID,
		&v.DecidedName, &v.DecidedAt, &v.Note, &v.CreatedAt, &v.UpdatedAt}
}

// InsertVacancy adds a registration.
func (tx *Tx) InsertVacancy(by Actor, v *Vacancy) error {
	v.ID, v.Status, v.CreatedAt, v.UpdatedAt = NewID(), VacancyRequested, tx.Now, tx.Now
	v.AskedKind, v.AskedID, v.AskedName = by.Kind, by.ID, by.Name
	if err := tx.create(v); err != nil {
		return err
	}
	return tx.Audit(by, "vacancy.requested", "room", v.RoomID, map[string]any{"from": v.FromOn.String(), "to": v.ToOn.String()})
}

// LockVacancy reads a registration for a decision.
func (tx *Tx) LockVacancy(id string) (Vacancy, error) {
	var v Vacancy
	return v, tx.one(v.dest(), "SELECT "+vacancyColumns+" FROM vacancies WHERE id = ?"+forUpdate, id)
}

// DecideVacancy approves or refuses a registration; false when it was decided
// already.
func (tx *Tx) DecideVacancy(by Actor, v *Vacancy, status, note string) (bool, error) {
	ok, err := tx.guarded(`UPDATE vacancies SET status = ?, note = ?, decided_kind = ?, decided_id = ?, decided_name = ?, decided_at = ?, updated_at = ?
		WHERE id = ? AND status = 'requested'`, status, note, by.Kind, by.ID, by.Name, tx.Now, tx.Now, v.ID)
	if err != nil || !ok {
		return ok, err
	}
	v.Status = status
	return true, tx.Audit(by, "vacancy."+status, "room", v.RoomID, map[string]any{"vacancy": v.ID, "from": v.FromOn.String(), "to": v.ToOn.String()})
}

// EndVacancy moves the last day of an approved vacancy forward: somebody moved in.
func (tx *Tx) EndVacancy(by Actor, v *Vacancy, lastDay Date) error {
	if err := tx.must("UPDATE vacancies SET to_on = ?, updated_at = ? WHERE id = ? AND status = 'approved' AND to_on > ?", lastDay, tx.Now, v.ID, lastDay); err != nil {
		return err
	}
	return tx.Audit(by, "vacancy.ended", "room", v.RoomID, map[string]any{"vacancy": v.ID, "to": [2]string{v.ToOn.String(), lastDay.String()}})
}

// VacanciesOfRooms gives by room the approved vacancies that touch the days
// from..to, earliest first.
func (tx *Tx) VacanciesOfRooms(roomIDs []string, from, to Date) (map[string][]Vacancy, error) {
	out := map[string][]Vacancy{}
	// Most companies have none at all: one short question instead of a long one.
	var some int
	if err := tx.one([]any{&some}, "SELECT 1 FROM vacancies WHERE status = 'approved' LIMIT 1"); err != nil {
		if errors.Is(err, ErrNotFound) {
			return out, nil
		}
		return nil, err
	}
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 500)
		err := tx.each(func(scan func(...any) error) error {
			var v Vacancy
			if err := scan(v.dest()...); err != nil {
				return err
			}
			out[v.RoomID] = append(out[v.RoomID], v)
			return nil
		}, "SELECT "+vacancyColumns+" FROM vacancies WHERE room_id IN ("+marks(n)+") AND status = 'approved' AND from_on <= ? AND to_on >= ? ORDER BY room_id, from_on",
			append(anys(roomIDs[:n]), to, from)...)
		if err != nil {
			return nil, err
		}
		roomIDs = roomIDs[n:]
	}
	return out, nil
}

// VacanciesOfRoom gives every registration of a room, whatever became of it.
func (tx *Tx) VacanciesOfRoom(roomID string) ([]Vacancy, error) {
	var out []Vacancy
	err := tx.g().Where("room_id = ?", roomID).Order("from_on, id").Find(&out).Error
	return out, err
}

// VacancyLine is a registration with its room.
type VacancyLine struct {
	Vacancy
	Room Room
}

// Vacancies gives a page of the registrations that the scope may see, newest first.
func (tx *Tx) Vacancies(scope Scope, after string, limit int) ([]VacancyLine, error) {
	where, args := scope.and()
	q := "SELECT " + prefixed("v", vacancyColumns) + ", " + prefixed("r", roomColumns) + " FROM vacancies v JOIN rooms r ON r.id = v.room_id WHERE 1 = 1" + where
	if after != "" {
		q, args = q+" AND v.id < ?", append(args, after)
	}
	var out []VacancyLine
	err := tx.each(func(scan func(...any) error) error {
		out = append(out, VacancyLine{})
		l := &out[len(out)-1]
		return scan(append(l.Vacancy.dest(), l.Room.dest()...)...)
	}, q+" ORDER BY v.id DESC LIMIT ?", append(args, limit)...)
	return out, err
}
