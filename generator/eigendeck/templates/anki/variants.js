// One variant of the example at each review: the back shows the front's, and no variant comes twice running.
// Without sessionStorage the day decides, so that front and back still agree. Without scripts CSS shows variant 1.
(function () {
  var root = document.querySelector(".eigendeck");
  var boxes = document.querySelectorAll(".eigendeck .variants");
  if (!root || !boxes.length) return;
  var count = boxes[0].querySelectorAll(".variant").length;
  for (var b = 0; b < boxes.length; b++) count = Math.max(count, boxes[b].querySelectorAll(".variant").length);
  if (count < 2) return;
  var name = root.getAttribute("data-note");
  var key = "eigendeck:" + name + ":" + root.getAttribute("data-card");
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

  function chosen() {
    try {
      var old = parseInt(window.sessionStorage.getItem(key), 10);
      var valid = old >= 0 && old < count;
      if (back) return valid ? old : ofTheDay();
      var next = Math.floor(Math.random() * (valid ? count - 1 : count));
      if (valid && next >= old) next++;
      window.sessionStorage.setItem(key, String(next));
      return parseInt(window.sessionStorage.getItem(key), 10) === next ? next : ofTheDay();
    } catch (blocked) {
      return ofTheDay();
    }
  }

  var pick = chosen() + 1;
  for (b = 0; b < boxes.length; b++) {
    var variants = boxes[b].querySelectorAll(".variant");
    if (variants.length < 2) continue;
    for (var v = 0; v < variants.length; v++)
      if (variants[v].getAttribute("data-variant") !== String(pick)) boxes[b].removeChild(variants[v]);
  }
})();
