; Inno Setup 6: the installer for Windows. package.ps1 calls it:
;   ISCC.exe /DAppVersion=0.1.0 /DSource=dist\interleave /DOutput=dist packaging\windows\interleave.iss
; For one person unless asked otherwise, so that no administrator is needed. Silent: /VERYSILENT
; /SUPPRESSMSGBOXES; for everybody: /ALLUSERS. Uninstalling asks whether conversations go too, and
; keeps them when it cannot ask; /DELETEDATA makes a silent one take them. Keys stay in the
; Credential Manager, where the program's settings remove them.

#ifndef AppVersion
  #error AppVersion is missing: /DAppVersion=0.1.0
#endif
#ifndef Source
  #define Source "..\..\dist\interleave"
#endif
#ifndef Output
  #define Output "..\..\dist"
#endif
#define AppName "Interleave"
#define AppId "io.github.interleave_chat.Interleave"
#define AppUrl "https://github.com/interleave-chat/interleave"

[Setup]
AppId={{6C1B44F2-5F0E-4B59-9A0C-2C9A4E7D6B31}
AppName={#AppName}
AppVersion={#AppVersion}
AppVerName={#AppName} {#AppVersion}
AppPublisher=The Interleave team
AppPublisherURL={#AppUrl}
AppSupportURL={#AppUrl}/issues
DefaultDirName={autopf}\{#AppName}
DefaultGroupName={#AppName}
DisableProgramGroupPage=yes
DisableDirPage=auto
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog commandline
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputDir={#Output}
OutputBaseFilename={#AppName}-{#AppVersion}-windows-x64-setup
SetupIconFile={#Source}\..\..\build\build\interleave.ico
UninstallDisplayIcon={app}\{#AppName}.exe
LicenseFile=..\..\LICENSE
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
; A running program is asked to close, which it does in order, and is started again.
CloseApplications=yes
RestartApplications=no

[Languages]
Name: "english"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; Parts of an earlier version that this one no longer has. What the person made is elsewhere.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Source}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\{#AppName}"; Filename: "{app}\{#AppName}.exe"; AppUserModelID: "{#AppId}"
Name: "{autodesktop}\{#AppName}"; Filename: "{app}\{#AppName}.exe"; AppUserModelID: "{#AppId}"; Tasks: desktopicon

[Run]
Filename: "{app}\{#AppName}.exe"; Description: "{cm:LaunchProgram,{#AppName}}"; Flags: nowait postinstall skipifsilent

[Code]
function DeletesData(): Boolean;
var
  Index: Integer;
begin
  Result := False;
  for Index := 1 to ParamCount do
    if CompareText(ParamStr(Index), '/DELETEDATA') = 0 then
      Result := True;
  if not Result and not UninstallSilent then
    Result := MsgBox('Delete your conversations and settings too? This cannot be undone.',
      mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES;
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
begin
  if Step = usPostUninstall then
    if DeletesData() then
      DelTree(ExpandConstant('{localappdata}\{#AppName}'), True, True, True);
end;
