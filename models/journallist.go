package models

// JournalOfRoom gives a room's lines of the journal, oldest first.
func (tx *Tx) JournalOfRoom(roomID string) ([]JournalLine, error) {
	var out []JournalLine
	err := tx.g().Where("room_id = ?", roomID).Order("booked_on, booked_at, id").Find(&out).Error
	return out, err
}
