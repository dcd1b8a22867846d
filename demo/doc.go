// Package demo builds the demonstration: the province of Sơn La with its real geography and its bodies as they stand since 01/7/2025,
// invented people and invented work of the last Day (30/7). It does everything through the operations of the rooms, at the time it would have
// happened, so what a newcomer sees is what people make.
//
//	units -> people -> (each room's step, in the order of Steps)
//
// A room adds a file demo/ROOM.go with one step and a line in Steps. Steps find offices and people in the Province and set the clock with
// Clock.To before each deed. Names of people are put together by chance from common ones; no real person is meant.
//
// It stands above all rooms and below app, which gives it the opened installation.
package demo
