// Play buttons with a moving line, in the place of the browser's own controls, which remain where this does not run.
"use strict";
(() => {
  let current = null;

  const stop = () => {
    if (!current) return;
    const { figure, audio, button } = current;
    current = null;
    audio.pause();
    figure.classList.remove("playing");
    button.textContent = "▶ Play";
  };

  const draw = () => {
    if (!current) return;
    const { audio, cursor } = current;
    const share = audio.duration ? (100 * audio.currentTime) / audio.duration : 0;
    cursor.setAttribute("x1", share.toFixed(2) + "%");
    cursor.setAttribute("x2", share.toFixed(2) + "%");
    requestAnimationFrame(draw);
  };

  const play = (part, share) => {
    stop();
    current = part;
    const { audio } = part;
    const begin = () => {
      if (current !== part) return;
      audio.currentTime = share * (audio.duration || 0);
      part.figure.classList.add("playing");
      part.button.textContent = "■ Stop";
      audio.play().catch(stop);
      draw();
    };
    if (audio.readyState) begin();
    else {
      audio.addEventListener("loadedmetadata", begin, { once: true });
      audio.addEventListener("error", stop, { once: true });
      audio.load();
    }
  };

  for (const figure of document.querySelectorAll("figure:has(> audio)")) {
    const part = {
      figure,
      audio: figure.querySelector("audio"),
      button: figure.querySelector("button"),
      cursor: figure.querySelector(".cursor"),
    };
    part.button.hidden = false;
    part.button.addEventListener("click", () => (current === part ? stop() : play(part, 0)));
    part.audio.addEventListener("ended", () => current === part && stop());
    const wave = figure.querySelector(".wave-of");
    wave.addEventListener("click", (event) => {
      const box = wave.getBoundingClientRect();
      play(part, Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
    });
    figure.play = () => play(part, 0);
  }
  document.documentElement.classList.add("scripted");

  for (const link of document.querySelectorAll(".overview a")) {
    link.addEventListener("click", () => {
      const entry = document.getElementById(link.getAttribute("href").slice(1));
      const first = entry && entry.querySelector(".of-release");
      if (entry) entry.focus({ preventScroll: true });
      if (first && first.play) first.play();
    });
  }
  document.addEventListener("keydown", (event) => event.key === "Escape" && stop());
})();
