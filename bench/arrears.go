package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// measureArrears asks what a room with 24 open bills owes, over HTTP. The floor is the
// same answer from the same front door, with the data read by the bare driver. The
// number of statements must not depend on the number of bills.
func measureArrears(ctx context.Context, b *bed, opt options) (rows []row, err error) {
	const workers, bills, few, counted = 8, 24, 6, 200
	cfg, err := b.database(ctx, "mysql", "arrears")
	if err != nil {
		return nil, err
	}
	db, err := openBooks(cfg)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	w, err := makeWorld(ctx, db, openID)
	if err != nil {
		return nil, err
	}
	homes, err := w.makeHomes(ctx, db, 200, bills)
	if err != nil {
		return nil, err
	}
	small, err := w.makeHomes(ctx, db, 200, few)
	if err != nil {
		return nil, err
	}
	ours, err := b.startServer(ctx, cfg, nobody)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, ours.stop()) }()
	floor, err := b.startChild(ctx, "arrears-floor", cfg.DSN)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, floor.stop()) }()
	if err := sameAnswer(ours, floor, homes[0].room.ID, w.token); err != nil {
		return nil, err
	}
	pairs, err := arrearsRounds(ours, floor, arrearsRequests(homes, w.token, opt.pick(5000, 1500)), workers, opt.rounds)
	if err != nil {
		return nil, err
	}
	ask := func(p *process, list []home) func() error {
		return func() error {
			_, err := post(p.address, 1, arrearsRequests(list, w.token, counted), http.StatusOK)
			return err
		}
	}
	counts, err := b.count(ask(ours, homes), ask(ours, small))
	if err != nil {
		return nil, err
	}
	many, less := float64(counts[0])/counted, float64(counts[1])/counted
	return []row{
		rateRow(fmt.Sprintf("arrears of %d bills over HTTP, %d at a time", bills, workers), pairs, 0.85),
		{what: fmt.Sprintf("statements of arrears: %d bills against %d", bills, few), ours: fmt.Sprintf("%.1f", many),
			floor: fmt.Sprintf("%.1f", less), ratio: many / less,
			target: "the same", ok: many-less < 0.5}, // one query for each bill would make a difference of 18
	}, nil
}

// arrearsRounds sends both sides the same requests in turns. The first round only warms
// them up.
func arrearsRounds(ours, floor *process, requests [][]byte, workers, rounds int) (pairs []pair, err error) {
	for i := range rounds + 1 {
		var p pair
		if p.ours, err = post(ours.address, workers, requests, http.StatusOK); err != nil {
			return nil, fmt.Errorf("ours: %w", err)
		}
		if p.floor, err = post(floor.address, workers, requests, http.StatusOK); err != nil {
			return nil, fmt.Errorf("floor: %w", err)
		}
		if i > 0 {
			pairs = append(pairs, p)
		}
	}
	return pairs, nil
}

func arrearsRequests(homes []home, token string, n int) [][]byte {
	out := make([][]byte, n)
	for i := range out {
		out[i] = fmt.Appendf(nil, "GET /api/v1/rooms/%s/arrears HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n\r\n",
			homes[i%len(homes)].room.ID, token)
	}
	return out
}

// sameAnswer compares the answers of both sides before any of them is timed.
func sameAnswer(ours, floor *process, roomID, token string) error {
	client := &http.Client{Timeout: 5 * time.Second}
	var answers [2][]byte
	for i, p := range []*process{ours, floor} {
		req, err := http.NewRequest(http.MethodGet, "http://"+p.address+"/api/v1/rooms/"+roomID+"/arrears", nil)
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := client.Do(req)
		if err != nil {
			return err
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		var indented bytes.Buffer
		if err = errors.Join(err, json.Indent(&indented, body, "", " ")); err != nil || res.StatusCode != http.StatusOK {
			return fmt.Errorf("answer %d: %w: %s", res.StatusCode, err, body)
		}
		answers[i] = indented.Bytes()
	}
	if !bytes.Equal(answers[0], answers[1]) {
		return fmt.Errorf("the two sides do not answer alike:\n%s\n%s", answers[0], answers[1])
	}
	return nil
}
