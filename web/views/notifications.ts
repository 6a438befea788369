/** Messages through the system, for people who look elsewhere. Asked for only by their own press of a button. */

export type Permission = "granted" | "denied" | "default" | "missing";

export function notificationPermission(): Permission {
  return "Notification" in window ? Notification.permission : "missing";
}

export async function askForNotifications(): Promise<Permission> {
  return "Notification" in window ? Notification.requestPermission() : "missing";
}

/** @param onPressed when the person presses the message; not every browser tells. */
export async function notify(words: string, onPressed: () => void): Promise<void> {
  if (notificationPermission() !== "granted") return;
  const options = { icon: "/icon-192.png", tag: words };
  try {
    const notification = new Notification(words, options);
    notification.onclick = () => {
      window.focus();
      onPressed();
      notification.close();
    };
  } catch {
    // Phones let only a service worker do it.
    const registration = await navigator.serviceWorker?.getRegistration();
    await registration?.showNotification(words, options);
  }
}
