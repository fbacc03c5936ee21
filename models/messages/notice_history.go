package messages

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// mayHaveArrived is the condition on a message that reached its user, or may have.
const mayHaveArrived = "(status IN ('sending','sent') OR (status = 'failed' AND reason = 'unknown'))"

// AlsoReminded reports whether the user was, or may have been, sent another message of
// the templates for the same room on the same day.
func AlsoReminded(tx *store.Tx, n *Notice, templates []string) (bool, error) {
	count, err := store.G[Notice](tx).
		Where("room_id = ? AND business_on = ? AND user_id = ? AND id <> ?", n.RoomID, n.BusinessOn, n.UserID, n.ID).
		Where("template IN ?", templates).Where(mayHaveArrived).Count(tx.Context(), "*")
	return count > 0, err
}

// RoomReminder is the last reminder of a template that a user got, or may have got, for
// a room.
type RoomReminder struct {
	RoomID   string
	UserID   string
	Template string
	LastOn   models.Date
}

// LastReminders returns, for each of the users and templates of the rooms, the day of
// the last message about a bill that waits, was sent or may have arrived.
func LastReminders(tx *store.Tx, roomIDs, templates []string) ([]RoomReminder, error) {
	return store.RowsIn[RoomReminder](tx, roomIDs, nil, `SELECT room_id, user_id, template, MAX(business_on) AS last_on FROM notices
		WHERE room_id (IN) AND template IN (`+store.Placeholders(len(templates))+") AND (status = 'queued' OR "+mayHaveArrived+`)
		AND step <> '`+StepPrepaidShort+"' GROUP BY room_id, user_id, template", store.Args(templates)...)
}

// ReminderDays returns, by room, the days from since on for which the room was sent, or
// was to be sent, a message of the templates. Failed attempts count, skipped ones do not.
func ReminderDays(tx *store.Tx, roomIDs, templates []string, since models.Date) (map[string][]models.Date, error) {
	type day struct {
		RoomID     string
		BusinessOn models.Date
	}
	out := map[string][]models.Date{}
	err := store.EachIn(tx, roomIDs, func(d *day) error {
		out[d.RoomID] = append(out[d.RoomID], d.BusinessOn)
		return nil
	}, nil, `SELECT DISTINCT room_id, business_on FROM notices WHERE room_id (IN) AND business_on >= ?
		AND template IN (`+store.Placeholders(len(templates))+") AND status <> 'skipped' ORDER BY room_id, business_on",
		append([]any{since}, store.Args(templates)...)...)
	return out, err
}
