package billing

import (
	"context"
	"strings"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of vacancies.
var (
	// ErrVacancyDays: the days are out of order or longer than three years.
	ErrVacancyDays = models.Invalid("VACANCY_DAYS", "空置的起止日期不正确：截止日期不能早于起始日期，最长三年")
	// ErrVacancyOverlap: the room has a vacancy on some of these days.
	ErrVacancyOverlap = models.Refusal(models.KindConflict, "VACANCY_OVERLAP", "与该房产已登记的空置日期重叠")
	// ErrVacancyDecided: the registration is not in the state for this step.
	ErrVacancyDecided = models.Refusal(models.KindConflict, "VACANCY_DECIDED", "该空置登记已经审批过，或已提前结束")
)

// maxVacancy limits a registration to three years; a longer vacancy is
// registered again.
const maxVacancy = 3*366 + 1

// RequestVacancy registers days, both included, on which a room is vacant. They
// count once another person has approved them: [DecideVacancy].
func RequestVacancy(ctx context.Context, db *store.DB, by models.Actor, roomID string, from, to models.Date,
	reason string) (estate.Vacancy, error) {
	v := estate.Vacancy{RoomID: roomID, FromOn: from, ToOn: to, Reason: strings.TrimSpace(reason)}
	switch {
	case from == 0 || to < from || to-from > maxVacancy:
		return v, ErrVacancyDays
	case v.Reason == "" || len([]rune(v.Reason)) > 200:
		return v, ErrNoReason
	}
	if err := models.CheckDays(db.Today(), models.DayOfKind{Kind: models.FirstDay, Day: from}); err != nil {
		return v, err
	}
	err := db.Write(ctx, func(tx *store.Tx) error {
		room, err := estate.RoomByID(tx, roomID)
		if err != nil {
			return err
		}
		// The lock of the community keeps two registrations of a room apart, and keeps a
		// billing run from seeing half of one.
		if err := estate.LockCommunity(tx, room.CommunityID); err != nil {
			return err
		}
		there, err := estate.VacanciesOfRoom(tx, roomID)
		if err != nil {
			return err
		}
		for _, o := range there {
			if o.Status != estate.VacancyRefused && o.FromOn <= to && o.ToOn >= from {
				return ErrVacancyOverlap
			}
		}
		return estate.InsertVacancy(tx, by, &v)
	})
	return v, err
}

// DecideVacancy approves or refuses a registration. Its author must not decide
// it ([ErrSamePerson]). Bills that were issued already stay as they are; to
// correct them is an adjustment of its own. It needs [office.PermApprove], else
// [models.ErrForbidden].
func DecideVacancy(ctx context.Context, db *store.DB, by office.Staff, id string, approve bool, note string) error {
	if !by.Can(office.PermApprove) {
		return models.ErrForbidden
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		v, err := estate.LockVacancy(tx, id)
		if err != nil {
			return err
		}
		status := estate.VacancyRefused
		if approve {
			status = estate.VacancyApproved
		}
		switch {
		case v.Status != estate.VacancyRequested:
			return ErrVacancyDecided
		case v.Asked == by.Actor():
			return ErrSamePerson
		case len([]rune(note)) > 200:
			return ErrNoReason
		}
		ok, err := estate.DecideVacancy(tx, by.Actor(), &v, status, note)
		if err == nil && !ok {
			err = ErrVacancyDecided
		}
		return err
	})
}

// EndVacancy ends an approved vacancy earlier, because somebody has moved in. It
// needs [office.PermApprove], else [models.ErrForbidden].
func EndVacancy(ctx context.Context, db *store.DB, by office.Staff, id string, lastDay models.Date) error {
	if !by.Can(office.PermApprove) {
		return models.ErrForbidden
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		v, err := estate.LockVacancy(tx, id)
		if err != nil {
			return err
		}
		switch {
		case v.Status != estate.VacancyApproved:
			return ErrVacancyDecided
		case lastDay < v.FromOn || lastDay >= v.ToOn:
			return ErrVacancyDays
		}
		return estate.EndVacancy(tx, by.Actor(), &v, lastDay)
	})
}
