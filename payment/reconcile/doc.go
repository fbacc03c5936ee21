// Package reconcile holds each day's books against WeChat's trade bill and fund-flow
// bill, for every merchant. Money that WeChat took and we had not learned of is booked;
// every other difference becomes a finding with both sides, which staff settle, book as
// surplus or suspense, or accept with a reason. Finance signs the day off.
//
// A day is a day in Asia/Shanghai, as WeChat's bills have it. A second run changes
// nothing that was resolved.
package reconcile
