package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"wuyepay/billing/intake"
	"wuyepay/models"
)

const (
	communityName = "演练小区"
	billsEach     = 48 // months that each household owes
)

// household is a room with two phones, the owner's and a family member's, which may pay
// at the same time.
type household struct {
	number string // telephone
	phones [2]*phone
	room   string
}

// makeTown imports a community from files as a company would: rooms, and four years of
// arrears for each.
func (b *bed) makeTown(ctx context.Context, households int) (err error) {
	db, err := b.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rooms, arrears := &strings.Builder{}, &strings.Builder{}
	fmt.Fprintln(rooms, "小区,房号,楼栋,单元,房间,物业类型,业主姓名,联系电话,建筑面积,收费单价,缴费周期,交房日期,房屋状态,管家")
	fmt.Fprintln(arrears, "小区,房号,收费项目,账期起,账期止,应收金额,已收金额,欠费金额,缴费截止日")
	for i := range households {
		code := fmt.Sprintf("1-1-%d", 101+i)
		fmt.Fprintf(rooms, "%s,%s,1栋,1单元,%d,高层住宅,业主%d,%s,88.00,0.80,月,2021-06-01,已入住,林晓梅\n", communityName, code, 101+i, i, numberOf(i))
		for month := range billsEach {
			y, m := 2022+month/12, time.Month(1+month%12)
			first := models.NewDate(y, m, 1)
			amount := fmt.Sprintf("%d.%02d", 50+i%40, month)
			fmt.Fprintf(arrears, "%s,%s,物业服务费,%s,%s,%s,0.00,%s,%s\n", communityName, code, first, lastOf(y, m), amount, amount, first+14)
		}
	}
	by := models.SystemActor("drill")
	for _, f := range []struct{ kind, text string }{{"rooms", rooms.String()}, {"arrears", arrears.String()}} {
		path := b.in(f.kind + ".csv")
		if err := os.WriteFile(path, []byte(f.text), 0o600); err != nil {
			return err
		}
		if _, err := intake.ImportFile(ctx, db, by, f.kind, path); err != nil {
			return fmt.Errorf("%s: %w", f.kind, err)
		}
	}
	return hire(ctx, db)
}

func lastOf(year int, month time.Month) models.Date {
	if month == time.December {
		return models.NewDate(year+1, time.January, 1) - 1
	}
	return models.NewDate(year, month+1, 1) - 1
}

// numberOf returns the phone number of a household.
func numberOf(i int) string { return fmt.Sprintf("199%08d", i) }

// moveIn signs all phones in and binds their rooms before the faults begin.
func (d *drill) moveIn(ctx context.Context) error {
	for i := range d.opt.households {
		h := &household{number: numberOf(i)}
		for k := range h.phones {
			p := newPhone(d, fmt.Sprintf("drill-%d-%d", i, k))
			if err := p.signIn(ctx, h.number); err != nil {
				return fmt.Errorf("household %d: %w", i, err)
			}
			h.phones[k] = p
		}
		if len(h.phones[0].rooms) != 1 {
			return fmt.Errorf("household %d has %d rooms", i, len(h.phones[0].rooms))
		}
		h.room = h.phones[0].rooms[0]
		d.homes = append(d.homes, h)
	}
	return nil
}
