// Brings an answer to the application that wants it posted. Once: who comes back here with the back button presses the button, or doesn't.

if (performance.getEntriesByType("navigation")[0]?.type !== "back_forward") document.getElementById("answer").submit();
