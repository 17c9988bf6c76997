// One variant of the example at each review: the back shows the front's, and no variant comes twice running.
//
// Some programs load the page anew at the flip, and some then lose what the page had stored: the back would answer
// another question. So a front picks at random only where a back has found what its front left, and has said so.
// Until then, and where nothing can be stored, the day picks, so that front and back agree. What is kept stands in three
// places, since each of them is blocked or emptied somewhere: sessionStorage, the window's name, localStorage.
// Without scripts CSS shows variant 1.
(function () {
  var root = document.querySelector(".eigendeck");
  var boxes = document.querySelectorAll(".eigendeck .variants");
  if (!root || !boxes.length) return;
  var count = boxes[0].querySelectorAll(".variant").length;
  for (var b = 0; b < boxes.length; b++) count = Math.max(count, boxes[b].querySelectorAll(".variant").length);
  if (count < 2) return;
  var name = root.getAttribute("data-note");
  var key = "eigendeck:" + name + ":" + root.getAttribute("data-card");
  var kept = "eigendeck:kept"; // in a place where a back has found its front's pick
  // The mark stands before the front, because AnkiDroid loads the page anew at the flip and runs scripts as it reads.
  var back = !!document.querySelector(".eigendeck-back");

  function ofTheDay() {
    var now = new Date();
    var day = Math.floor((now.getTime() - now.getTimezoneOffset() * 60000) / 86400000);
    var text = name + ":" + day;
    var hash = 2166136261; // FNV-1a: neighbouring days give unrelated picks
    for (var i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619) >>> 0;
    return hash % count;
  }

  function storage(kind) {
    return {
      get: function (item) { return window[kind].getItem(item); },
      set: function (item, value) { window[kind].setItem(item, value); }
    };
  }

  // The window's name outlives a load. It is ours only while it is empty or begins as ours does.
  var OURS = "eigendeck ";
  function named() {
    var text = String(window.name || "");
    if (text.indexOf(OURS) === 0) return JSON.parse(text.slice(OURS.length));
    if (text) throw new Error("the name is somebody else's");
    return {};
  }
  var ofTheWindow = {
    get: function (item) { var all = named(); return item in all ? all[item] : null; },
    set: function (item, value) {
      var all = named();
      all[item] = value;
      window.name = OURS + JSON.stringify(all);
    }
  };

  var places = [storage("sessionStorage"), ofTheWindow, storage("localStorage")];

  function read(place, item) {
    try { return place.get(item); } catch (blocked) { return null; }
  }

  function write(place, item, value) {
    try { place.set(item, String(value)); } catch (blocked) { /* another place may take it */ }
  }

  function stored() {
    for (var p = 0; p < places.length; p++) {
      var pick = parseInt(read(places[p], key), 10);
      if (pick >= 0 && pick < count) return pick;
    }
    return -1;
  }

  function ofTheBack() {
    for (var p = 0; p < places.length; p++)
      if (read(places[p], key) !== null) write(places[p], kept, 1);
    var pick = stored();
    return pick < 0 ? ofTheDay() : pick;
  }

  function ofTheFront() {
    var trusted = false;
    for (var p = 0; p < places.length; p++) trusted = trusted || read(places[p], kept) !== null;
    var pick = ofTheDay();
    if (trusted) {
      var old = stored();
      pick = Math.floor(Math.random() * (old < 0 ? count : count - 1));
      if (old >= 0 && pick >= old) pick++;
    }
    var taken = false;
    for (p = 0; p < places.length; p++) {
      write(places[p], key, pick);
      taken = taken || (read(places[p], kept) !== null && read(places[p], key) === String(pick));
    }
    return trusted && !taken ? ofTheDay() : pick;
  }

  var pick = (back ? ofTheBack() : ofTheFront()) + 1;
  for (b = 0; b < boxes.length; b++) {
    var variants = boxes[b].querySelectorAll(".variant");
    if (variants.length < 2) continue;
    for (var v = 0; v < variants.length; v++)
      if (variants[v].getAttribute("data-variant") !== String(pick)) boxes[b].removeChild(variants[v]);
  }
})();
