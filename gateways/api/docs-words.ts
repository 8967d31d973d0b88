import type { Language } from "../../schemas/index.ts";

/** The headings of the pages under /docs, and of those that explain a code. */
export interface DocsWords {
  readonly title: string;
  readonly about: string;
  readonly forWhom: string;
  readonly anybody: string;
  readonly stepUp: string;
  readonly parameters: string;
  readonly body: string;
  readonly answers: string;
  readonly required: string;
  readonly problems: string;
  readonly all: string;
  readonly retry: Readonly<Record<"never" | "later" | "after-change", string>>;
}

/** In every language of ours. */
export const docsWords: Readonly<Record<Language, DocsWords>> = {
  en: {
    title: "The gateway's interface",
    about: "The same as a file for programs",
    forWhom: "For",
    anybody: "anybody",
    stepUp: "only after you proved again that it is you",
    parameters: "Parameters",
    body: "What is sent",
    answers: "What is answered",
    required: "required",
    problems: "Every no is a problem with a code; this page says what each means:",
    all: "All chapters",
    retry: { never: "The same request will never succeed.", later: "The same request may succeed later.", "after-change": "It may succeed once the request is changed." },
  },
  fr: {
    title: "L’interface de la passerelle",
    about: "La même chose, en fichier pour programmes",
    forWhom: "Pour",
    anybody: "tout le monde",
    stepUp: "seulement après avoir prouvé de nouveau votre identité",
    parameters: "Paramètres",
    body: "Ce qui est envoyé",
    answers: "Ce qui est répondu",
    required: "obligatoire",
    problems: "Chaque refus est un problème avec un code ; cette page dit ce que chacun signifie :",
    all: "Tous les chapitres",
    retry: { never: "La même requête n’aboutira jamais.", later: "La même requête peut aboutir plus tard.", "after-change": "Elle peut aboutir une fois la requête modifiée." },
  },
  pt: {
    title: "A interface do gateway",
    about: "O mesmo, em ficheiro para programas",
    forWhom: "Para",
    anybody: "qualquer pessoa",
    stepUp: "só depois de comprovar de novo a sua identidade",
    parameters: "Parâmetros",
    body: "O que se envia",
    answers: "O que se responde",
    required: "obrigatório",
    problems: "Cada recusa é um problema com um código; esta página diz o que cada um significa:",
    all: "Todos os capítulos",
    retry: { never: "O mesmo pedido nunca terá êxito.", later: "O mesmo pedido pode ter êxito mais tarde.", "after-change": "Pode ter êxito depois de o pedido ser alterado." },
  },
  ar: {
    title: "واجهة البوابة",
    about: "الوصف نفسه في ملف للبرامج",
    forWhom: "لمن",
    anybody: "للجميع",
    stepUp: "فقط بعد أن تثبتوا هويتكم من جديد",
    parameters: "المعاملات",
    body: "ما يُرسل",
    answers: "ما يُجاب به",
    required: "إلزامي",
    problems: "كل رفض هو مشكلة لها رمز؛ وهذه الصفحة تشرح معنى كل رمز:",
    all: "كل الفصول",
    retry: { never: "لن ينجح الطلب نفسه أبداً.", later: "قد ينجح الطلب نفسه لاحقاً.", "after-change": "قد ينجح بعد تغيير الطلب." },
  },
  es: {
    title: "La interfaz de la pasarela",
    about: "Lo mismo, en un archivo para programas",
    forWhom: "Para",
    anybody: "cualquiera",
    stepUp: "solo después de demostrar de nuevo su identidad",
    parameters: "Parámetros",
    body: "Lo que se envía",
    answers: "Lo que se responde",
    required: "obligatorio",
    problems: "Cada negativa es un problema con un código; esta página dice qué significa cada uno:",
    all: "Todos los capítulos",
    retry: { never: "La misma solicitud nunca tendrá éxito.", later: "La misma solicitud puede tener éxito más tarde.", "after-change": "Puede tener éxito cuando se cambie la solicitud." },
  },
  sw: {
    title: "Kiolesura cha lango",
    about: "Maelezo yale yale kama faili ya programu",
    forWhom: "Kwa",
    anybody: "yeyote",
    stepUp: "baada tu ya kuthibitisha tena kuwa ni wewe",
    parameters: "Vigezo",
    body: "Kinachotumwa",
    answers: "Kinachojibiwa",
    required: "lazima",
    problems: "Kila kukataliwa ni tatizo lenye msimbo; ukurasa huu unaeleza maana ya kila mmoja:",
    all: "Sura zote",
    retry: { never: "Ombi lile lile halitafaulu kamwe.", later: "Ombi lile lile linaweza kufaulu baadaye.", "after-change": "Linaweza kufaulu baada ya ombi kubadilishwa." },
  },
}; // prettier-ignore
