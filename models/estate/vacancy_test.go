package estate_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func TestVacancies(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db, func(r *estate.Room) { r.Steward = "周楠" })
	asker := models.Actor{Kind: models.ActorStaff, ID: models.NewID(), Name: "陈静"}
	decider := models.Actor{Kind: models.ActorStaff, ID: models.NewID(), Name: "林涛"}
	ask := func(from, to string) estate.Vacancy {
		v := estate.Vacancy{RoomID: room.ID, FromOn: day(from), ToOn: day(to), Reason: "装修"}
		modelstest.Write(t, db, func(tx *store.Tx) error { return estate.InsertVacancy(tx, asker, &v) })
		return v
	}
	decide := func(v *estate.Vacancy, status string) (ok bool) {
		modelstest.Write(t, db, func(tx *store.Tx) (err error) {
			locked, err := estate.LockVacancy(tx, v.ID)
			if err == nil {
				*v = locked
				ok, err = estate.DecideVacancy(tx, decider, v, status, "同意")
			}
			return err
		})
		return ok
	}
	touching := func(from, to string) (ids []string) {
		rooms := []string{room.ID, models.NewID()}
		found := must[map[string][]estate.Vacancy](t)(estate.VacanciesOfRooms(view(db), rooms, day(from), day(to)))
		for _, v := range found[room.ID] {
			ids = append(ids, v.ID)
		}
		return ids
	}
	v, refused, open := ask("2026-01-20", "2026-02-10"), ask("2026-01-01", "2026-12-31"), ask("2026-02-01", "2026-02-28")
	if v.Status != estate.VacancyRequested || v.Asked != asker || v.Decided != (models.Actor{}) {
		t.Errorf("registered it is %+v", v)
	}
	if ids := touching("2026-01-01", "2026-12-31"); len(ids) != 0 {
		t.Errorf("before any was approved these count: %v", ids)
	}
	if !decide(&v, estate.VacancyApproved) || !decide(&refused, estate.VacancyRefused) {
		t.Error("a registration could not be decided")
	}
	if decide(&v, estate.VacancyRefused) || decide(&refused, estate.VacancyApproved) {
		t.Error("a registration was decided twice")
	}
	list := must[[]estate.Vacancy](t)(estate.VacanciesOfRoom(view(db), room.ID))
	want(t, "all of the room", list, refused, v, open)
	if v.Decided != decider || v.DecidedAt != db.Now() || v.Note != "同意" || v.Status != estate.VacancyApproved || v.Asked != asker {
		t.Errorf("approved it is %+v", v)
	}
	for _, tt := range []struct {
		from, to string
		want     bool
	}{
		{"2026-01-01", "2026-01-19", false}, {"2026-01-01", "2026-01-20", true}, {"2026-02-01", "2026-02-05", true},
		{"2026-02-10", "2026-02-28", true}, {"2026-02-11", "2026-02-28", false}, {"2026-01-01", "2026-12-31", true},
	} {
		if have := len(touching(tt.from, tt.to)) == 1; have != tt.want {
			t.Errorf("it touches %s to %s: %t, want %t", tt.from, tt.to, have, tt.want)
		}
	}
	end := func(v estate.Vacancy, last string) error {
		return try(db, func(tx *store.Tx) error { return estate.EndVacancy(tx, decider, &v, day(last)) })
	}
	if err := end(v, "2026-02-05"); err != nil || len(touching("2026-02-06", "2026-02-28")) != 0 {
		t.Errorf("ended on 5 February: %v", err)
	}
	for what, err := range map[string]error{
		"on the day on which it ends": end(v, "2026-02-05"), "later": end(v, "2026-02-20"),
		"refused": end(refused, "2026-01-15"), "requested": end(open, "2026-02-15"),
	} {
		if err == nil {
			t.Errorf("a vacancy was ended: %s", what)
		}
	}
	want(t, "the log", actions(t, db, "room", room.ID),
		"vacancy.requested", "vacancy.requested", "vacancy.requested", "vacancy.approved", "vacancy.refused", "vacancy.ended")
	notFound(t, "a vacancy that there is not", try(db, func(tx *store.Tx) error {
		_, err := estate.LockVacancy(tx, models.NewID())
		return err
	}))
}

func TestVacancyList(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	var made []string
	for _, steward := range []string{"周楠", "高远", "周楠"} {
		room := modelstest.Room(t, db, func(r *estate.Room) { r.Steward = steward })
		v := estate.Vacancy{RoomID: room.ID, FromOn: today, ToOn: today}
		modelstest.Write(t, db, func(tx *store.Tx) error { return estate.InsertVacancy(tx, modelstest.Actor, &v) })
		made = append(made, v.ID)
	}
	for _, tt := range []struct {
		name  string
		scope office.Scope
		after string
		limit int
		want  []string
	}{
		{"all", office.AllRooms(), "", 9, []string{made[2], made[1], made[0]}},
		{"a page", office.AllRooms(), "", 2, []string{made[2], made[1]}},
		{"the next page", office.AllRooms(), made[1], 2, []string{made[0]}},
		{"a steward's", office.Staff{Role: office.RoleSteward, Name: "周楠"}.Scope(), "", 9, []string{made[2], made[0]}},
		{"nobody's", office.Scope{}, "", 9, nil},
	} {
		var ids []string
		for _, l := range must[[]estate.VacancyLine](t)(estate.Vacancies(view(db), tt.scope, tt.after, tt.limit)) {
			ids = append(ids, l.ID)
			if l.Room.ID != l.RoomID || l.Room.Steward == "" || l.Asked != modelstest.Actor {
				t.Errorf("%s: the line %+v", tt.name, l)
			}
		}
		want(t, tt.name, ids, tt.want...)
	}
}
