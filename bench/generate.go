package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"wuyepay/billing/intake"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

const (
	// maxGenerateMiB bounds the memory of a billing run, however many rooms it has.
	maxGenerateMiB = 300
	// tariffFile has one item by area, with a late-fee rule.
	tariffFile = "小区,收费项目,适用物业类型,计费方式,单价,阶梯,缴费周期,缴费截止日,违约金日利率,宽限天数,违约金上限,起始日期,截止日期\n" +
		"测量小区," + feeItem + ",,按面积,2.35,,月,15,0.003,2,0.3,2023-01-01,\n"
)

// generateTurn is a round: a month is billed, billed again, and its rows are copied into
// the twin.
type generateTurn struct {
	ours, again, floor time.Duration
	mib                float64
}

// measureGenerate measures the bill command over rooms with one item. The floor is plain
// INSERTs of the rows that the command made, 500 a statement. Ours also starts a process,
// reads rooms, owners and tariff, applies the rules, and leaves out what is billed
// already. Each round is another month, on both sides.
func measureGenerate(ctx context.Context, b *bed, opt options) ([]row, error) {
	rooms := opt.pick(50_000, 10_000)
	if opt.rooms > 0 {
		rooms = opt.rooms
	}
	ours, err := b.database(ctx, "mysql", "generate_ours")
	if err != nil {
		return nil, err
	}
	if err := makeOwned(ctx, ours, rooms); err != nil {
		return nil, err
	}
	twin, err := b.twin(ctx, ours, "generate_floor")
	if err != nil {
		return nil, err
	}
	config, err := b.writeConfig(ours, "127.0.0.1:0", nobody)
	if err != nil {
		return nil, err
	}
	copier, err := newCopier(ctx, ours, twin)
	if err != nil {
		return nil, err
	}
	var turns []generateTurn
	for i := range min(opt.rounds, 3) {
		t, err := b.generateTurn(ctx, config, copier, fmt.Sprintf("2026-%02d", i+1), rooms)
		if err != nil {
			return nil, errors.Join(err, copier.close())
		}
		turns = append(turns, t)
	}
	if err := errors.Join(copier.close(), proveBooks(ctx, ours)); err != nil {
		return nil, err
	}
	rate := func(took func(generateTurn) time.Duration) string {
		return fmt.Sprintf("%.0f bills/s", median(turns, func(t generateTurn) float64 { return float64(rooms) / took(t).Seconds() }))
	}
	seconds := func(took func(generateTurn) time.Duration) string {
		return fmt.Sprintf("%.2f s", median(turns, func(t generateTurn) float64 { return took(t).Seconds() }))
	}
	whole := func(t generateTurn) time.Duration { return t.ours }
	mib := median(turns, func(t generateTurn) float64 { return t.mib })
	return []row{
		atLeast(fmt.Sprintf("billing %d rooms, one item", rooms), rate(whole), rate(func(t generateTurn) time.Duration { return t.floor }),
			median(turns, func(t generateTurn) float64 { return t.floor.Seconds() / t.ours.Seconds() }), 0.7),
		atMost("billing again, nothing to do, against the first", seconds(func(t generateTurn) time.Duration { return t.again }),
			seconds(whole),
			median(turns, func(t generateTurn) float64 { return t.again.Seconds() / t.ours.Seconds() }), 0.2),
		atMost("billing: peak memory, MiB", fmt.Sprintf("%.0f MiB", mib), "", mib, maxGenerateMiB),
	}, nil
}

var addedLine = regexp.MustCompile(` ([0-9]+) bills added`)

func (b *bed) generateTurn(ctx context.Context, config string, copier *copier, period string, rooms int) (t generateTurn, err error) {
	bill := func(want int) (took time.Duration, mib float64, err error) {
		out, took, mib, err := timed(ctx, nil, b.binary, "--config", config, "bill", "--period", period)
		if m := addedLine.FindSubmatch(out); err == nil && (m == nil || string(m[1]) != fmt.Sprint(want)) {
			err = fmt.Errorf("want %d bills added: %s", want, bytes.TrimSpace(out))
		}
		return took, mib, err
	}
	if t.ours, t.mib, err = bill(rooms); err != nil {
		return t, err
	}
	if t.again, _, err = bill(0); err != nil {
		return t, err
	}
	for _, table := range []string{"bills", "journal"} {
		rows, took, err := copier.fill(ctx, table)
		if err == nil && rows != rooms {
			err = fmt.Errorf("the floor put %d rows into %s", rows, table)
		}
		if err != nil {
			return t, err
		}
		t.floor += took
	}
	return t, nil
}

// makeOwned adds rooms, each with its owner, and the tariff.
func makeOwned(ctx context.Context, cfg store.Config, n int) (err error) {
	db, err := openBooks(cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	w, err := makeWorld(ctx, db, openID)
	if err != nil {
		return err
	}
	const chunk = 5000
	for from := 0; from < n; from += chunk {
		err := db.Write(ctx, func(tx *store.Tx) error { return w.insertOwned(tx, from, min(n, from+chunk)) })
		if err != nil {
			return err
		}
	}
	file := intake.File{Name: "tariffs.csv", Content: strings.NewReader(tariffFile), Size: int64(len(tariffFile))}
	_, err = intake.Import(ctx, db, booker, intake.Tariffs, file)
	return err
}

func (w world) insertOwned(tx *store.Tx, from, to int) error {
	var rooms []estate.Room
	var owners []estate.Owner
	var tenures []estate.Tenure
	for i := from; i < to; i++ {
		code := fmt.Sprintf("%d-%d-%04d", i/1000+1, i%3+1, i%1000)
		r := estate.Room{ID: models.NewID(), CommunityID: w.community.ID, Code: code, CodeKey: code, Building: fmt.Sprint(i / 1000),
			Unit: "1单元", Number: fmt.Sprint(i % 1000),
			Kind: "高层住宅", Area: fmt.Sprintf("%d.%02d", 50+i%90, i%100), Occupancy: estate.Occupied, CreatedAt: tx.Now, UpdatedAt: tx.Now}
		o := estate.NewOwner(tx, w.community.ID, "业主", "")
		rooms, owners = append(rooms, r), append(owners, o)
		tenures = append(tenures, estate.Tenure{ID: models.NewID(), RoomID: r.ID, OwnerID: o.ID, Role: estate.TenureOwner,
			CreatedAt: tx.Now})
	}
	return errors.Join(estate.InsertRooms(tx, rooms), estate.InsertOwners(tx, owners), estate.InsertTenures(tx, tenures))
}
