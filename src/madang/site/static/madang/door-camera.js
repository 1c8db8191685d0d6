// The camera reads QR codes: by the browser's own detector, else by jsQR, which is loaded only then.
const DoorCamera = (() => {
  "use strict";
  const PAUSE = 120;
  const WIDTH = 640;

  async function start(video, decoder, found) {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    video.srcObject = stream;
    await video.play();
    const read = await reader(decoder);
    let goesOn = true;
    (async () => {
      while (goesOn) {
        const text = video.readyState >= 2 ? await read(video).catch(() => "") : "";
        if (text && goesOn) found(text);
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    })();
    return () => { goesOn = false; stream.getTracks().forEach((track) => track.stop()); video.srcObject = null; };
  }

  async function reader(decoder) {
    if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      return async (video) => { const [first] = await detector.detect(video); return first ? first.rawValue : ""; };
    }
    await load(decoder);
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    return async (video) => {
      canvas.width = WIDTH;
      canvas.height = Math.round((WIDTH * video.videoHeight) / video.videoWidth);
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const picture = context.getImageData(0, 0, canvas.width, canvas.height);
      const code = window.jsQR(picture.data, picture.width, picture.height, { inversionAttempts: "dontInvert" });
      return code ? code.data : "";
    };
  }

  function load(address) {
    if (window.jsQR) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }

  return { start };
})();
