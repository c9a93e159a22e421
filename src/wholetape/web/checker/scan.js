// A public key from a QR code, read by the browser itself where it can: with the camera, or from a picture of one.
((wholetape) => {
  "use strict";
  const { t } = wholetape;
  const { h } = wholetape.words;

  const KEY = /^wholetape\.key\/v1\n/, EVERY_MS = 200;

  /** The browser's reader of QR codes, or null. */
  const reader = async () => {
    const formats = (await globalThis.BarcodeDetector?.getSupportedFormats?.()) ?? [];
    return formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
  };

  /** {element, close()}: buttons that call `found` with the text of a key that was scanned. */
  wholetape.scanner = (id, found) => {
    const status = h("p", { role: "status", class: "small" }, t("check.scan.none"));
    const camera = h("button", { type: "button", hidden: true }, t("check.scan"));
    const picture = h("input", { type: "file", id, accept: "image/*" });
    const choose = h("div", { hidden: true }, h("label", { for: id }, t("check.scan.picture")), picture);
    const video = h("video", { muted: true, playsinline: true, hidden: true });
    let detector = null, stream = null, timer = 0;

    const stop = () => {
      clearTimeout(timer);
      stream?.getTracks().forEach((track) => track.stop());
      stream = null;
      video.hidden = true;
      camera.textContent = t("check.scan");
    };

    /** Looks for a key in what is seen; tells what else it is. */
    const look = async (seen) => {
      const codes = (await detector.detect(seen)).map((code) => code.rawValue), key = codes.find((text) => KEY.test(text));
      if (key) {
        stop();
        found(key);
      }
      status.textContent = key ? t("check.scan.found") : codes.length ? t("check.scan.other") : "";
      return key || codes.length;
    };

    const watch = async () => {
      if (!stream) return;
      if (video.readyState >= 2) await look(video).catch(() => {});
      if (stream) timer = setTimeout(watch, EVERY_MS);
    };

    camera.addEventListener("click", async () => {
      if (stream) return stop();
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        video.srcObject = stream;
        video.hidden = false;
        camera.textContent = t("check.cancel");
        await video.play();
        watch();
      } catch {
        stop();
        status.textContent = t("check.scan.no-camera");
      }
    });
    picture.addEventListener("change", async () => {
      try {
        if (!(await look(await createImageBitmap(picture.files[0])))) status.textContent = t("check.scan.nothing");
      } catch {
        status.textContent = t("check.scan.nothing");
      }
    });
    reader().then((found) => {
      if (!found) return;
      detector = found;
      status.textContent = "";
      camera.hidden = !navigator.mediaDevices?.getUserMedia;
      choose.hidden = false;
    }, () => {});
    return { element: h("div", { class: "scan" }, camera, choose, video, status), close: stop };
  };
})((globalThis.wholetape ??= {}));
