; The installer for Windows, for one person or for the whole machine.
;
; Takes VERSION (1.2.3-beta.1), NUMBER (1.2.3), STAGE (the folder with what is installed), OUTPUT, TARGET
; (the setup's own kind: x86-unicode or amd64-unicode) and COMPRESSION (lzma, or zlib, which is fast) as
; -DNAME=value, and SIGN, a command that signs the file whose path is put behind it.
;
; Paths of files have `\`: on Windows, `File` finds no names behind `/`. Elsewhere NSIS turns it round.
;
; Command line:
;   /S                        silent
;   /AllUsers, /CurrentUser   for the machine, or for the person; without either: as it is installed
;                             already, else for the machine if the rights suffice
;   /D=FOLDER                 where to; comes last, without quotes
;
; The phone updates itself with /S /CurrentUser, and starts itself anew afterwards. A call is never cut: a phone that runs goes on with the files it was started from, and the new ones are
; used from its next start. While it runs, it cannot be removed.

; What it ends with, besides 0:
!define CANCELLED 1
; 2, which NSIS sets: a file could not be written. Some are, and starting the setup again does the rest.
!define NEEDS_ADMINISTRATOR 5 ; ERROR_ACCESS_DENIED: nothing was changed
!define PHONE_RUNS 32 ; ERROR_SHARING_VIOLATION: nothing was removed
!define NO_WEBVIEW2 1157 ; ERROR_DLL_NOT_FOUND: installed, but nothing there to show the window with
!define UNSUPPORTED_SYSTEM 1633 ; ERROR_INSTALL_PLATFORM_UNSUPPORTED: nothing was changed
!define OTHER_INSTALLER 1638 ; ERROR_PRODUCT_VERSION: nothing was changed, the .msi has installed it

!define NAME "Offhook"
!define ID "io.github.offhook.Offhook"
!define DESCRIPTION "Softphone in the tray"
!define HOMEPAGE "https://github.com/offhook/offhook"

!define KEY "Software\${NAME}"
!define CAPABILITIES "${KEY}\Capabilities"
!define APPLICATIONS "Software\RegisteredApplications"
!define LINK "Software\Classes\${NAME}.Link"
!define NOTIFICATIONS "Software\Classes\AppUserModelId\${ID}"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"

Target ${TARGET}
; A file that cannot be written ends a silent setup. It would be left out otherwise, and 0 returned.
AllowSkipFiles off
SetCompressor /SOLID ${COMPRESSION}
ManifestDPIAware true
!ifdef SIGN
  !uninstfinalize '${SIGN} "%1"' = 0
!endif
Name "${NAME}"
OutFile "${OUTPUT}"
BrandingText "${NAME} ${VERSION}"
VIProductVersion "${NUMBER}.0"
VIAddVersionKey ProductName "${NAME}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileDescription "${NAME} Setup"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey CompanyName "${NAME}"
VIAddVersionKey LegalCopyright "MIT licence"

!define MULTIUSER_MUI
!define MULTIUSER_EXECUTIONLEVEL Highest
!define MULTIUSER_INSTALLMODE_COMMANDLINE
!define MULTIUSER_INSTALLMODE_INSTDIR "${NAME}"
!define MULTIUSER_USE_PROGRAMFILES64
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_KEY "${KEY}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_VALUENAME InstallLocation
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_KEY "${KEY}"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_VALUENAME InstallLocation
!define MULTIUSER_INIT_FUNCTIONQUIT RefuseForRights
!define MULTIUSER_INIT_un.FUNCTIONQUIT un.RefuseForRights
!include MultiUser.nsh
!include MUI2.nsh
!include x64.nsh

!define MUI_ICON "..\..\..\icons\icon.ico"
!define MUI_UNICON "..\..\..\icons\icon.ico"
!define MUI_CUSTOMFUNCTION_ABORT SayCancelled
!define MUI_FINISHPAGE_NOREBOOTSUPPORT
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_FUNCTION StartPhone
!define MULTIUSER_PAGE_CUSTOMFUNCTION_LEAVE RefuseOtherInstaller
!insertmacro MULTIUSER_PAGE_INSTALLMODE
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English

; ---- Before anything is changed ----

Function .onInit
  ${IfNot} ${RunningX64}
    MessageBox MB_OK|MB_ICONSTOP "${NAME} needs 64-bit Windows." /SD IDOK
    SetErrorLevel ${UNSUPPORTED_SYSTEM}
    Quit
  ${EndIf}
  SetRegView 64
  ; What /D= gave is overwritten by the next line.
  Push $INSTDIR
  !insertmacro MULTIUSER_INIT
  Pop $0
  ${If} $0 != ""
    StrCpy $INSTDIR $0
  ${EndIf}
  Call RefuseSecondCopy
  Call RefuseOtherInstaller
FunctionEnd

; Who may not update the machine's phone shall not get one of their own by accident.
Function RefuseSecondCopy
  ReadRegStr $0 HKLM "${KEY}" InstallLocation
  ${GetParameters} $1
  ClearErrors
  ${GetOptions} $1 "/CurrentUser" $1
  ${If} ${Errors}
  ${AndIf} $0 != ""
  ${AndIf} $MultiUser.InstallMode == CurrentUser
    MessageBox MB_OK|MB_ICONSTOP "${NAME} is installed for all users of this computer, in $0. \
      Only an administrator can update it." /SD IDOK
    Call RefuseForRights
  ${EndIf}
FunctionEnd

; Two installers would each remove the files of the other. The .msi has no such key of its own.
Function RefuseOtherInstaller
  ReadRegStr $0 HKLM "${KEY}" InstallLocation
  ReadRegStr $1 HKLM "${UNINSTALL}" UninstallString
  ${If} $MultiUser.InstallMode == AllUsers
  ${AndIf} $0 != ""
  ${AndIf} $1 == ""
    MessageBox MB_OK|MB_ICONSTOP "${NAME} is installed in $0 from its .msi. Update it with an .msi, or \
      remove it first." /SD IDOK
    SetErrorLevel ${OTHER_INSTALLER}
    Quit
  ${EndIf}
FunctionEnd

!macro RefuseForRights UN
  Function ${UN}RefuseForRights
    SetErrorLevel ${NEEDS_ADMINISTRATOR}
    Quit
  FunctionEnd
!macroend
!insertmacro RefuseForRights ""
!insertmacro RefuseForRights "un."

Function SayCancelled
  SetErrorLevel ${CANCELLED}
FunctionEnd

; ---- Installation ----

; Puts a program in the place of one that may be running: that one cannot be overwritten, but renamed.
!macro Put FILE
  ClearErrors
  Delete "$INSTDIR\${FILE}"
  ${If} ${Errors}
    GetTempFileName $0 "$INSTDIR"
    Delete $0
    Rename "$INSTDIR\${FILE}" "$0.old"
    Delete /REBOOTOK "$0.old"
  ${EndIf}
  File "${STAGE}\${FILE}"
!macroend

Section "-Programs"
  SetOutPath "$INSTDIR"
  Delete "$INSTDIR\*.old"
  !insertmacro Put offhook.exe
  !insertmacro Put offhookctl.exe
  !if /FileExists "${STAGE}\WebView2Loader.dll"
    !insertmacro Put WebView2Loader.dll
  !endif
  File "${STAGE}\LICENSE.txt"
  File "${STAGE}\THIRD-PARTY-NOTICES.txt"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\offhook.exe" "" "" "" SW_SHOWNORMAL "" "${DESCRIPTION}"
  ; The name under which notifications appear.
  WriteRegStr SHCTX "${NOTIFICATIONS}" DisplayName "${NAME}"
SectionEnd

; Offers the phone for links in Windows' settings. Who handles them now goes on doing so.
Section "-Links"
  WriteRegStr SHCTX "${LINK}" "" "Telephone number"
  WriteRegStr SHCTX "${LINK}" "URL Protocol" ""
  WriteRegStr SHCTX "${LINK}\DefaultIcon" "" "$INSTDIR\offhook.exe,0"
  WriteRegStr SHCTX "${LINK}\shell\open\command" "" '"$INSTDIR\offhook.exe" -- "%1"'
  WriteRegStr SHCTX "${CAPABILITIES}" ApplicationName "${NAME}"
  WriteRegStr SHCTX "${CAPABILITIES}" ApplicationDescription "${DESCRIPTION}"
  WriteRegStr SHCTX "${CAPABILITIES}\URLAssociations" tel "${NAME}.Link"
  WriteRegStr SHCTX "${CAPABILITIES}\URLAssociations" callto "${NAME}.Link"
  WriteRegStr SHCTX "${APPLICATIONS}" "${NAME}" "${CAPABILITIES}"
SectionEnd

; For everybody, because a policy can switch it on: the phone ends at once where it is off. One person's
; phone writes this by itself.
Section "-StartAtLogin"
  ${If} $MultiUser.InstallMode == AllUsers
    WriteRegStr HKLM "${RUN}" "${NAME}" '"$INSTDIR\offhook.exe" --at-login'
  ${EndIf}
SectionEnd

Section "-Uninstaller"
  ClearErrors
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} ${Errors}
    Abort "$INSTDIR\uninstall.exe cannot be written."
  ${EndIf}
  StrCpy $1 '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode'
  WriteRegStr SHCTX "${UNINSTALL}" UninstallString $1
  WriteRegStr SHCTX "${UNINSTALL}" QuietUninstallString "$1 /S"
  WriteRegStr SHCTX "${UNINSTALL}" DisplayName "${NAME}"
  WriteRegStr SHCTX "${UNINSTALL}" DisplayVersion "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL}" DisplayIcon "$INSTDIR\offhook.exe,0"
  WriteRegStr SHCTX "${UNINSTALL}" Publisher "${NAME}"
  WriteRegStr SHCTX "${UNINSTALL}" URLInfoAbout "${HOMEPAGE}"
  WriteRegStr SHCTX "${UNINSTALL}" InstallLocation "$INSTDIR"
  WriteRegDWORD SHCTX "${UNINSTALL}" NoModify 1
  WriteRegDWORD SHCTX "${UNINSTALL}" NoRepair 1
  ${GetSize} "$INSTDIR" "/S=0K" $2 $3 $4
  WriteRegDWORD SHCTX "${UNINSTALL}" EstimatedSize $2
  ; Last: without the keys above it stands for an installation by the .msi.
  WriteRegStr SHCTX "${KEY}" InstallLocation "$INSTDIR"
SectionEnd

Section "-WebView2"
  !define CLIENT "Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"
  ReadRegStr $0 HKLM "Software\WOW6432Node\${CLIENT}" pv
  ReadRegStr $1 HKCU "Software\${CLIENT}" pv
  ${If} "$0$1" == ""
    MessageBox MB_OK|MB_ICONEXCLAMATION "${NAME} is installed, but cannot show its window: Microsoft's \
      WebView2 Runtime is missing. Install it from$\r$\n$\r$\n\
      https://developer.microsoft.com/microsoft-edge/webview2/" /SD IDOK
    SetErrorLevel ${NO_WEBVIEW2}
  ${EndIf}
SectionEnd

; As the person: the desktop starts it without the rights of an administrator that installed it.
Function StartPhone
  ${If} $MultiUser.InstallMode == AllUsers
    Exec '"$WINDIR\explorer.exe" "$INSTDIR\offhook.exe"'
  ${Else}
    Exec '"$INSTDIR\offhook.exe"'
  ${EndIf}
FunctionEnd

; ---- Removal ----

Function un.onInit
  SetRegView 64
  !insertmacro MULTIUSER_UNINIT
  Call un.RefuseWhileRunning
FunctionEnd

; A running program can neither be deleted, which shows for one that was replaced, nor written to.
Function un.RefuseWhileRunning
  ${Do}
    Delete "$INSTDIR\*.old"
    ClearErrors
    ${If} ${FileExists} "$INSTDIR\offhook.exe"
      FileOpen $0 "$INSTDIR\offhook.exe" a
      FileClose $0
    ${EndIf}
    ${IfNot} ${Errors}
    ${AndIfNot} ${FileExists} "$INSTDIR\*.old"
      Return
    ${EndIf}
    ${If} ${Cmd} 'MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${NAME} is running. Quit it from the menu \
      of its tray icon, then try again." /SD IDCANCEL IDCANCEL'
      SetErrorLevel ${PHONE_RUNS}
      Quit
    ${EndIf}
  ${Loop}
FunctionEnd

Section "Uninstall"
  Delete "$INSTDIR\offhook.exe"
  Delete /REBOOTOK "$INSTDIR\offhookctl.exe"
  Delete "$INSTDIR\WebView2Loader.dll"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\THIRD-PARTY-NOTICES.txt"
  Delete /REBOOTOK "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"

  DeleteRegKey SHCTX "${NOTIFICATIONS}"
  DeleteRegKey SHCTX "${LINK}"
  DeleteRegKey SHCTX "${KEY}"
  DeleteRegKey SHCTX "${UNINSTALL}"
  DeleteRegValue SHCTX "${APPLICATIONS}" "${NAME}"
  DeleteRegValue SHCTX "${RUN}" "${NAME}"

  MessageBox MB_OK|MB_ICONINFORMATION "${NAME} is removed. What you made with it stays: your settings in \
    %APPDATA%\offhook, logs and the list of apps in %LOCALAPPDATA%\offhook, logins in %LOCALAPPDATA%\${ID}, \
    secrets in the Credential Manager. An administrator's policy in %ProgramData%\${NAME} stays as well. \
    Delete what you do not need." /SD IDOK
SectionEnd
