package estate

import (
	"errors"

	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// States of a [Vacancy]. A request is decided once: approved or refused.
const (
	VacancyRequested = "requested"
	VacancyApproved  = "approved"
	VacancyRefused   = "refused"
)

// Vacancy is a 空置登记: days, both included, on which a room stands empty. Once it is
// approved the owner pays only a share for them, on bills that are issued later. Asked
// is who registered it, Decided who approved or refused it, zero until then.
type Vacancy struct {
	ID        string
	RoomID    string
	FromOn    models.Date
	ToOn      models.Date
	Reason    string
	Status    string
	Asked     models.Actor `gorm:"embedded;embeddedPrefix:asked_"`
	Decided   models.Actor `gorm:"embedded;embeddedPrefix:decided_"`
	DecidedAt models.Time
	Note      string // of who decided
	CreatedAt models.Time
	UpdatedAt models.Time
}

var vacancyTable = store.NewTable[Vacancy]("vacancies")

// InsertVacancy adds a registration in the state requested. It sets ID, Status, Asked
// and the times.
func InsertVacancy(tx *store.Tx, by models.Actor, v *Vacancy) error {
	v.ID, v.Status, v.Asked, v.CreatedAt, v.UpdatedAt = models.NewID(), VacancyRequested, by, tx.Now, tx.Now
	if err := store.G[Vacancy](tx).Create(tx.Context(), v); err != nil {
		return err
	}
	return office.Audit(tx, by, "vacancy.requested", "room", v.RoomID, map[string]any{"from": v.FromOn.String(), "to": v.ToOn.String()})
}

// LockVacancy returns a registration for a decision, or [models.ErrNotFound].
func LockVacancy(tx *store.Tx, id string) (Vacancy, error) {
	return vacancyTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}

var sqlDecideVacancy = vacancyTable.Update(
	"status, note, decided_kind, decided_id, decided_name, decided_at, updated_at", "id = ? AND status = 'requested'")

// DecideVacancy approves or refuses a registration, and reports whether it was still
// requested.
func DecideVacancy(tx *store.Tx, by models.Actor, v *Vacancy, status, note string) (bool, error) {
	decided := *v
	decided.Status, decided.Note, decided.Decided, decided.DecidedAt, decided.UpdatedAt = status, note, by, tx.Now, tx.Now
	ok, err := sqlDecideVacancy.Guarded(tx, &decided, v.ID)
	if err != nil || !ok {
		return ok, err
	}
	*v = decided
	return true, office.Audit(tx, by, "vacancy."+status, "room", v.RoomID,
		map[string]any{"vacancy": v.ID, "from": v.FromOn.String(), "to": v.ToOn.String()})
}

// EndVacancy moves the last day of an approved vacancy to an earlier day: somebody
// moved in. That it is not approved, or ends by then anyway, is an error.
func EndVacancy(tx *store.Tx, by models.Actor, v *Vacancy, lastDay models.Date) error {
	err := tx.ExecOne("UPDATE vacancies SET to_on = ?, updated_at = ? WHERE id = ? AND status = 'approved' AND to_on > ?",
		lastDay, tx.Now, v.ID, lastDay)
	if err != nil {
		return err
	}
	return office.Audit(tx, by, "vacancy.ended", "room", v.RoomID,
		map[string]any{"vacancy": v.ID, "to": [2]string{v.ToOn.String(), lastDay.String()}})
}

// VacanciesOfRooms returns by room the approved vacancies that touch the days from..to,
// the earliest first. For example, one from 20 January to 10 February touches
// February.
func VacanciesOfRooms(tx *store.Tx, roomIDs []string, from, to models.Date) (map[string][]Vacancy, error) {
	// Most companies have none at all: one short question instead of a long one.
	_, err := store.Row[int](tx, "SELECT 1 FROM vacancies WHERE status = 'approved' LIMIT 1")
	if errors.Is(err, models.ErrNotFound) {
		return map[string][]Vacancy{}, nil
	}
	if err != nil {
		return nil, err
	}
	list, err := store.RowsIn[Vacancy](tx, roomIDs, nil, vacancyTable.Select(
		"WHERE room_id (IN) AND status = 'approved' AND from_on <= ? AND to_on >= ? ORDER BY room_id, from_on"), to, from)
	return store.Group(list, func(v *Vacancy) string { return v.RoomID }), err
}

// VacanciesOfRoom returns every registration of a room in any state, the earliest
// first.
func VacanciesOfRoom(tx *store.Tx, roomID string) ([]Vacancy, error) {
	return store.G[Vacancy](tx).Where("room_id = ?", roomID).Order("from_on, id").Find(tx.Context())
}

// VacancyLine is a registration with its room.
type VacancyLine struct {
	Vacancy
	Room Room `gorm:"embedded;embeddedPrefix:r_"`
}

// Vacancies returns a page of the registrations that the scope may see, newest first.
// after is the id of the last one of the page before.
func Vacancies(tx *store.Tx, scope office.Scope, after string, limit int) ([]VacancyLine, error) {
	where, args := scope.And()
	if after != "" {
		where, args = where+" AND v.id < ?", append(args, after)
	}
	return store.Rows[VacancyLine](tx, "SELECT "+vacancyTable.Of("v")+", "+RoomTable.As("r", "r_")+
		" FROM vacancies v JOIN rooms r ON r.id = v.room_id WHERE 1 = 1"+where+" ORDER BY v.id DESC LIMIT ?", append(args, limit)...)
}
