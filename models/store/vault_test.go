package store_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// A phone number is found and shown masked, and stands nowhere in the database
// file.
func TestPhoneIsSealedAtRest(t *testing.T) {
	t.Parallel()
	if modelstest.OnMySQL() {
		t.Skip("reads the file of an SQLite database")
	}
	const phone = "13912345678"
	cfg := modelstest.NewConfig(t)
	db := modelstest.OpenConfig(t, cfg, modelstest.NewClock(modelstest.Start).Now)
	room := modelstest.Room(t, db)
	owner := modelstest.Owner(t, db, room, "王小明", phone)
	user := modelstest.User(t, db)
	modelstest.Write(t, db, func(tx *store.Tx) error { return estate.SetUserPhone(tx, user.ID, phone) })

	view := db.View(context.Background())
	rooms, err := estate.TenuresOfPhone(view, phone, view.Today())
	if err != nil || rooms[room.ID].Role != estate.TenureOwner {
		t.Errorf("found by phone: %v, %v", rooms, err)
	}
	if rooms, _ := estate.TenuresOfPhone(view, "13912345679", view.Today()); len(rooms) != 0 {
		t.Errorf("another phone finds %v", rooms)
	}
	for name, open := range map[string]func() (string, error){
		"owner": func() (string, error) { return estate.OwnerPhone(view, owner) },
		"user": func() (string, error) {
			u, err := estate.UserByID(view, user.ID)
			if err != nil {
				return "", err
			}
			return estate.UserPhone(view, u)
		},
	} {
		if have, err := open(); have != phone || err != nil {
			t.Errorf("%s: opened %q, %v", name, have, err)
		}
	}
	if err := db.Close(); err != nil { // folds the log into the file
		t.Fatal(err)
	}
	raw, err := os.ReadFile(cfg.DSN)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte(phone)) || bytes.Contains(raw, []byte(phone[:7])) {
		t.Error("the phone number is readable in the file")
	}
	if !bytes.Contains(raw, []byte(room.ID)) {
		t.Error("the file does not hold the rows at all: the test proves nothing")
	}
}

// A sealed value is bound to its column: moved elsewhere it does not open.
func TestSealedValueDoesNotMove(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	owner := modelstest.Owner(t, db, modelstest.Room(t, db), "王小明", "13912345678")
	view := db.View(context.Background())
	if phone, err := estate.UserPhone(view, estate.User{PhoneCipher: owner.PhoneCipher}); err == nil {
		t.Errorf("opened as another column: %q", phone)
	}
	broken := bytes.Clone(owner.PhoneCipher)
	broken[len(broken)-1] ^= 1
	if _, err := estate.OwnerPhone(view, estate.Owner{PhoneCipher: broken}); err == nil || strings.Contains(err.Error(), "139") {
		t.Errorf("a changed value: %v", err)
	}
}

func TestMasks(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"13912345678": "139****5678", "": "", "12345": "****"} {
		if have := models.MaskPhone(in); have != want {
			t.Errorf("MaskPhone(%q) = %q, want %q", in, have, want)
		}
	}
	for in, want := range map[string]string{"吕敏博": "吕**", "王": "王", "": "", "海棠置业开发有限公司": "海***"} {
		if have := models.MaskName(in); have != want {
			t.Errorf("MaskName(%q) = %q, want %q", in, have, want)
		}
	}
}

func TestRoomKey(t *testing.T) {
	t.Parallel()
	for _, spelling := range []string{"3-2-1201", "3栋2单元1201室", "3栋2单元1201", "３－２－１２０１", "3#2单元1201号", " 3 - 2 - 1201 ", "3号楼2单元1201",
		"3幢2单元1201房", "3/2/1201"} {
		if have := models.RoomKey(spelling); have != "3-2-1201" {
			t.Errorf("RoomKey(%q) = %q", spelling, have)
		}
	}
	if models.RoomKey("a座-101") != "A-101" {
		t.Error("letters are not folded")
	}
}
