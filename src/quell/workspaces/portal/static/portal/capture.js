/* A picture or a short film of the screen, straight into the files of a form. The browser asks which window may be
   seen; nothing leaves it before the form is sent. Where a browser cannot do this, the buttons stay hidden. */
"use strict";
(() => {
  const { $, $$, toast } = window.quell;
  const LONGEST_SECONDS = 60;
  const BITS_PER_SECOND = 2_000_000; // a minute takes 15 MB, well below the limit of a file
  const KINDS = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];

  const stamp = () => new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-");

  /* Who keeps the files of the form that the buttons stand in. */
  const keeperOf = (tools) => {
    const composer = tools.closest("quell-composer");
    return composer?.keeper ?? $("[data-filedrop] input[type=file]", tools.closest("form"))?.keeper;
  };

  function give(tools, parts, type, ending) {
    const file = new File(parts, `${tools.dataset.named}-${stamp()}.${ending}`, { type, lastModified: Date.now() });
    keeperOf(tools)?.add([file]);
  }

  /* null when the person thought better of it. */
  async function seen(tools) {
    try {
      return await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 15 }, audio: false });
    } catch (no) {
      if (no.name !== "NotAllowedError" && no.name !== "AbortError") toast(tools.dataset.failed, { kind: "error" });
      return null;
    }
  }

  const end = (stream) => { for (const track of stream.getTracks()) track.stop(); };

  async function picture(tools) {
    const stream = await seen(tools);
    if (!stream) return;
    const video = document.createElement("video");
    video.srcObject = stream;
    video.muted = true;
    await video.play();
    await new Promise((go) => { setTimeout(go, 250); }); // the browser's own question is still on the first frame
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    end(stream);
    const blob = await new Promise((take) => { canvas.toBlob(take, "image/png"); });
    if (blob) give(tools, [blob], "image/png", "png");
    else toast(tools.dataset.failed, { kind: "error" });
  }

  async function film(tools, button) {
    const stream = await seen(tools);
    if (!stream) return;
    const kind = KINDS.find((one) => MediaRecorder.isTypeSupported(one));
    const recorder = new MediaRecorder(stream, { mimeType: kind, videoBitsPerSecond: BITS_PER_SECOND });
    const parts = [];
    const label = $("span", button);
    const words = label.textContent;
    const begun = Date.now();
    const say = () => { label.textContent = button.dataset.stop.replace("{seconds}", Math.round((Date.now() - begun) / 1000)); };
    recorder.addEventListener("dataavailable", ({ data }) => { if (data.size) parts.push(data); });
    recorder.addEventListener("stop", () => {
      clearInterval(ticking);
      clearTimeout(longest);
      end(stream);
      label.textContent = words;
      button.recorder = null;
      button.removeAttribute("aria-pressed");
      if (parts.length) give(tools, parts, "video/webm", "webm");
    });
    // "Stop sharing" of the browser itself ends it too.
    stream.getVideoTracks()[0].addEventListener("ended", () => { if (recorder.state !== "inactive") recorder.stop(); });
    const ticking = setInterval(say, 1000);
    const longest = setTimeout(() => recorder.stop(), LONGEST_SECONDS * 1000);
    button.recorder = recorder;
    button.setAttribute("aria-pressed", "true");
    say();
    recorder.start(1000);
  }

  function wire() {
    if (!navigator.mediaDevices?.getDisplayMedia) return;
    for (const tools of $$("[data-capture]:not([data-wired])")) {
      tools.dataset.wired = "1";
      tools.hidden = false;
      const [shoot, record] = $$("button", tools);
      shoot.addEventListener("click", () => picture(tools));
      if (typeof MediaRecorder === "undefined" || !KINDS.some((one) => MediaRecorder.isTypeSupported(one))) record.hidden = true;
      record.addEventListener("click", () => (record.recorder ? record.recorder.stop() : film(tools, record)));
    }
  }

  wire();
  document.addEventListener("htmx:after:swap", wire);
})();
