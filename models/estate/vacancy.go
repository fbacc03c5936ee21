package estate

import (
	"errors"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

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
	FromOn      models.Date
	ToOn        models.Date
	Reason      string
	Status      string
	AskedKind   string
	AskedID     string
	AskedName   string
	DecidedKind string
	DecidedID   string
	DecidedName string
	DecidedAt   models.Time
	Note        string // of whoever decided
	CreatedAt   models.Time
	UpdatedAt   models.Time
}

// AskedBy is who registered it.
func (v *Vacancy) AskedBy() models.Actor {
	return models.Actor{Kind: v.AskedKind, ID: v.AskedID, Name: v.AskedName}
}

const vacancyColumns = `id, room_id, from_on, to_on, reason, status, asked_kind, asked_id, asked_name, decided_kind, decided_id, decided_name, decided_at, note,
	created_at, updated_at`

func (v *Vacancy) dest() []any {
	return []any{&v.ID, &v.RoomID, &v.FromOn, &v.ToOn, &v.Reason, &v.Status, &v.AskedKind, &v.AskedID, &v.AskedName, &v.DecidedKind, &v.DecidedID,
		&v.DecidedName, &v.DecidedAt, &v.Note, &v.CreatedAt, &v.UpdatedAt}
}

// InsertVacancy adds a registration.
func InsertVacancy(tx *store.Tx, by models.Actor, v *Vacancy) error {
	v.ID, v.Status, v.CreatedAt, v.UpdatedAt = models.NewID(), VacancyRequested, tx.Now, tx.Now
	v.AskedKind, v.AskedID, v.AskedName = by.Kind, by.ID, by.Name
	if err := tx.Create(v); err != nil {
		return err
	}
	return office.Audit(tx, by, "vacancy.requested", "room", v.RoomID, map[string]any{"from": v.FromOn.String(), "to": v.ToOn.String()})
}

// LockVacancy reads a registration for a decision.
func LockVacancy(tx *store.Tx, id string) (Vacancy, error) {
	var v Vacancy
	return v, tx.QueryRow(v.dest(), "SELECT "+vacancyColumns+" FROM vacancies WHERE id = ?"+store.ForUpdate, id)
}

// DecideVacancy approves or refuses a registration; false when it was decided
// already.
func DecideVacancy(tx *store.Tx, by models.Actor, v *Vacancy, status, note string) (bool, error) {
	ok, err := tx.ExecGuarded(`UPDATE vacancies SET status = ?, note = ?, decided_kind = ?, decided_id = ?, decided_name = ?, decided_at = ?, updated_at = ?
		WHERE id = ? AND status = 'requested'`, status, note, by.Kind, by.ID, by.Name, tx.Now, tx.Now, v.ID)
	if err != nil || !ok {
		return ok, err
	}
	v.Status = status
	return true, office.Audit(tx, by, "vacancy."+status, "room", v.RoomID, map[string]any{"vacancy": v.ID, "from": v.FromOn.String(), "to": v.ToOn.String()})
}

// EndVacancy moves the last day of an approved vacancy forward: somebody moved in.
func EndVacancy(tx *store.Tx, by models.Actor, v *Vacancy, lastDay models.Date) error {
	if err := tx.ExecOne("UPDATE vacancies SET to_on = ?, updated_at = ? WHERE id = ? AND status = 'approved' AND to_on > ?", lastDay, tx.Now, v.ID, lastDay); err != nil {
		return err
	}
	return office.Audit(tx, by, "vacancy.ended", "room", v.RoomID, map[string]any{"vacancy": v.ID, "to": [2]string{v.ToOn.String(), lastDay.String()}})
}

// VacanciesOfRooms gives by room the approved vacancies that touch the days
// from..to, earliest first.
func VacanciesOfRooms(tx *store.Tx, roomIDs []string, from, to models.Date) (map[string][]Vacancy, error) {
	out := map[string][]Vacancy{}
	// Most companies have none at all: one short question instead of a long one.
	var some int
	if err := tx.QueryRow([]any{&some}, "SELECT 1 FROM vacancies WHERE status = 'approved' LIMIT 1"); err != nil {
		if errors.Is(err, models.ErrNotFound) {
			return out, nil
		}
		return nil, err
	}
	for len(roomIDs) > 0 {
		n := min(len(roomIDs), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var v Vacancy
			if err := scan(v.dest()...); err != nil {
				return err
			}
			out[v.RoomID] = append(out[v.RoomID], v)
			return nil
		}, "SELECT "+vacancyColumns+" FROM vacancies WHERE room_id IN ("+store.Placeholders(n)+") AND status = 'approved' AND from_on <= ? AND to_on >= ? ORDER BY room_id, from_on",
			append(store.Args(roomIDs[:n]), to, from)...)
		if err != nil {
			return nil, err
		}
		roomIDs = roomIDs[n:]
	}
	return out, nil
}

// VacanciesOfRoom gives every registration of a room, whatever became of it.
func VacanciesOfRoom(tx *store.Tx, roomID string) ([]Vacancy, error) {
	var out []Vacancy
	err := tx.Gorm().Where("room_id = ?", roomID).Order("from_on, id").Find(&out).Error
	return out, err
}

// VacancyLine is a registration with its room.
type VacancyLine struct {
	Vacancy
	Room Room
}

// Vacancies gives a page of the registrations that the scope may see, newest first.
func Vacancies(tx *store.Tx, scope office.Scope, after string, limit int) ([]VacancyLine, error) {
	where, args := scope.And()
	q := "SELECT " + store.Prefixed("v", vacancyColumns) + ", " + store.Prefixed("r", RoomColumns) + " FROM vacancies v JOIN rooms r ON r.id = v.room_id WHERE 1 = 1" + where
	if after != "" {
		q, args = q+" AND v.id < ?", append(args, after)
	}
	var out []VacancyLine
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, VacancyLine{})
		l := &out[len(out)-1]
		return scan(append(l.Vacancy.dest(), l.Room.Dest()...)...)
	}, q+" ORDER BY v.id DESC LIMIT ?", append(args, limit)...)
	return out, err
}
